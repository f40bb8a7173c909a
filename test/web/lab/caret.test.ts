/** A text that changes around a caret leaves it where it was. */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { caretsAfter, changeBetween } from '../../../web/src/lab/caret.js';

/** The text after, with `|` where the caret of the text before has gone to. */
function moved(before: string, after: string): string {
  const caret = before.indexOf('|');
  const [to] = caretsAfter(before.replace('|', ''), after, [caret]);
  return `${after.slice(0, to)}|${after.slice(to)}`;
}

describe('the caret', () => {
  it('stays where it is before a change, and moves along behind one', () => {
    expect(moved('{"a|":1,"b":2}', '{"a":1,"b":3}')).toBe('{"a|":1,"b":3}');
    expect(moved('{"a":1,"b":|2}', '{"a":1000,"b":2}')).toBe('{"a":1000,"b":|2}');
  });

  it('stays in its value between two changes', () => {
    const before = '{"lock":"x","ttlMs":50|00,"options":{}}';
    expect(moved(before, '{"lock":"redlock","ttlMs":5000,"options":{"n":1}}')).toBe(
      '{"lock":"redlock","ttlMs":50|00,"options":{"n":1}}',
    );
    const laidOut = '{\n  "lock": "y",\n  "ttlMs": 5000,\n  "options": {}\n}';
    expect(moved(before, laidOut)).toContain('"ttlMs": 5|000');
  });

  it('stays near where its value is gone, or a text is no JSON', () => {
    expect(moved('{"a":1,"b":2|,"c":3}', '{"x":1,"c":4}')).toMatch(/^\{.*\|/);
    expect(moved('{"a":1,oops|,"c":3}', '{"x":1,"c":4}')).toContain('|');
  });
});

property.prop([fc.string(), fc.string()])('a change makes the one text of the other', (a, b) => {
  const { from, until, insert } = changeBetween(a, b);
  expect(a.slice(0, from) + insert + a.slice(until)).toBe(b);
});

property.prop([fc.json(), fc.json(), fc.nat()])('a caret is always in the text', (a, b, at) => {
  const caret = at % (a.length + 1);
  const [to] = caretsAfter(a, b, [caret]);
  expect(to).toBeGreaterThanOrEqual(0);
  expect(to).toBeLessThanOrEqual(b.length);
  expect(caretsAfter(a, a, [caret])).toEqual([caret]);
});

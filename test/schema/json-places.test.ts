/** Every value of a JSON text is found where it stands, and what is no JSON where it begins. */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type JsonPath, layoutOf, type Place, spanOf } from '../../src/schema/json-places.js';

const rootOf = (text: string): Place => {
  const layout = layoutOf(text);
  if ('broken' in layout) throw new Error(`broken at ${layout.broken.from}`);
  return layout.root;
};
const marked = (text: string, path: JsonPath, about?: 'key') => {
  const { from, until } = spanOf(rootOf(text), path, about);
  return text.slice(from, until);
};
const brokenAt = (text: string) => {
  const layout = layoutOf(text);
  return 'broken' in layout ? text.slice(layout.broken.from, layout.broken.until) : 'fine';
};

const TEXT = `{
  "ttlMs": 5,
  "options": {},
  "clients": [ { "id": "A" }, { "id": "\\"B", "ttlMs": -1.5e3 } ],
  "ttlMs": 7
}`;

describe('what is marked', () => {
  it.each<[JsonPath, string]>([
    [['clients', 0, 'id'], '"A"'],
    [['clients', 1, 'id'], '"\\"B"'],
    [['clients', 1, 'ttlMs'], '-1.5e3'],
    [['options'], '{}'],
    [['ttlMs'], '7'],
  ])('%j: the value itself', (path, expected) => {
    expect(marked(TEXT, path)).toBe(expected);
  });

  it('of what has members, its key, or the bracket that opens it', () => {
    expect(marked(TEXT, ['clients'])).toBe('"clients"');
    expect(marked(TEXT, ['clients', 1])).toBe('{');
    expect(marked(TEXT, [])).toBe('{');
  });

  it('a key that should not be there, and where a missing one should be', () => {
    expect(marked(TEXT, ['clients', 1, 'ttlMs'], 'key')).toBe('"ttlMs"');
    expect(marked(TEXT, ['options', 'servers'])).toBe('"options"');
    expect(marked(TEXT, ['clients', 0, 'operations', 3, 'id'])).toBe('{');
  });

  it('goes by UTF-16, after a mark of the byte order too', () => {
    expect(marked('\uFEFF{ "😀": true }', ['😀'])).toBe('true');
  });
});

describe('what is no JSON', () => {
  it.each([
    ['{"a": 1,}', '}'],
    ['{"a": abc}', 'abc'],
    ['{"a" 1}', '1'],
    ['{a: 1}', 'a'],
    ['[1 2]', '2'],
    ['[01]', '01'],
    ['{} {}', '{'],
    ['["\\x"]', '"\\x"'],
    ['["open]', '"'],
    ['["line\nbreak"]', '"line\nbreak"'],
    ['[1', ''],
    ['', ''],
    ['[1\u00A0]', '1\u00A0'],
  ])('%j breaks at %j', (text, expected) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(brokenAt(text)).toBe(expected);
  });
});

const accepts = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Every value in one, with the path to it. */
function* values(value: unknown, path: JsonPath = []): Generator<[JsonPath, unknown]> {
  yield [path, value];
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) yield* values(item, [...path, at]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) yield* values(member, [...path, name]);
  }
}

property.prop([fc.jsonValue(), fc.integer({ min: 0, max: 4 })])(
  'every value is where it was written',
  (value, indent) => {
    const text = JSON.stringify(value, undefined, indent);
    const root = rootOf(text);
    for (const [path, expected] of values(JSON.parse(text))) {
      let place = root;
      for (const step of path) place = place.members.get(step)!;
      expect(JSON.parse(text.slice(place.from, place.until))).toEqual(expected);
    }
  },
);

property.prop([fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '{', ']', ' ', '1', '\\', 'e')])(
  'a text is broken exactly if JSON.parse says so',
  (text, at, change) => {
    const place = at % (text.length + 1);
    const changed = text.slice(0, place) + change + text.slice(place + 1);
    expect('root' in layoutOf(changed)).toBe(accepts(changed));
  },
);

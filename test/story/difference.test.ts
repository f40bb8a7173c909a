/** Two makings of one run side by side: what differs first, and how it is said (D15). */
import { describe, expect, test } from 'vitest';
import type { LogEntry } from '../../src/difference.js';
import type { CompleteRecord } from '../../src/history.js';
import { differenceWords, entryWords, firstDifference } from '../../src/story/difference.js';

function event(kind: string, atUs: number, more: Partial<LogEntry> = {}): LogEntry {
  const host = kind === 'fault' || kind === 'phase' ? {} : { host: 'A' };
  const fingerprint = `${kind} ${more.host} ${more.lane} ${more.payload}`;
  return { entry: 'event', index: 1, atUs, kind, ...host, ...more, fingerprint };
}

function released(atUs: number, more: Partial<CompleteRecord>): LogEntry {
  const actor = { client: 'A', operation: 'A2', action: 'release', call: 4 } as const;
  const record: CompleteRecord = { type: 'ok', atUs, ...actor, ...more };
  const fingerprint = `${more.fencingToken} ${more.reason}`;
  const whose = { host: 'A', operation: 'A2' };
  return { entry: 'record', index: 1, atUs, kind: 'ok', ...whose, record, fingerprint };
}

const start = { ...event('start', 0), index: 0 };

/** What is said of two logs that begin alike. */
function said(first: readonly LogEntry[], second: readonly LogEntry[]): string | undefined {
  const difference = firstDifference([start, ...first], [start, ...second]);
  return difference && differenceWords(difference);
}

const request = (text: string) =>
  event('request', 12_400, { operation: 'A2', peer: 'r1', payload: text });

describe('D15 the first entry that differs', () => {
  test('D15 none: two logs that are the same', () => {
    expect(said([], [])).toBeUndefined();
    expect(said([event('timer', 5)], [event('timer', 5)])).toBeUndefined();
  });

  test('D15 an instant', () => {
    const timer = (atUs: number) => event('timer', atUs, { host: 'B', operation: 'B1' });
    expect(said([timer(12_400)], [timer(13_000)])).toBe(
      'event 1 at 12.4 ms, a timer of client B in B1: ' +
        'at 12.4 ms the first time, at 13 ms the second',
    );
  });

  test('D15 a payload', () => {
    expect(said([request('DEL a')], [request('DEL b')])).toBe(
      'event 1 at 12.4 ms, a request of client A in A2 to r1: ' +
        'DEL a the first time, DEL b the second',
    );
  });

  test('D15 a long payload is cut around the place that differs', () => {
    const script = (ttl: string) => `EVAL ${'x'.repeat(200)} PX ${ttl} ${'y'.repeat(200)}`;
    const found = firstDifference([request(script('100'))], [request(script('110'))])!;
    expect(found.first).toMatch(/^…x{27} PX 100 y+…$/);
    expect(found.second).toMatch(/^…x{27} PX 110 y+…$/);
    expect(found.first.length).toBeLessThan(80);
  });

  test('D15 a payload that is only longer', () => {
    const found = firstDifference([request('a'.repeat(90))], [request('a'.repeat(91))])!;
    expect(found.first).toBe(`…${'a'.repeat(32)}`);
    expect(found.second).toBe(`…${'a'.repeat(33)}`);
  });

  test('D15 the order: another event came', () => {
    const timer = event('timer', 12_400, { host: 'B', operation: 'B1' });
    expect(said([request('DEL a')], [timer])).toBe(
      'event 1 at 12.4 ms: a request of client A in A2 to r1 came the first time, ' +
        'a timer of client B in B1 the second',
    );
    expect(said([request('DEL a')], [{ ...timer, atUs: 13_000 }])).toBe(
      'event 1 at 12.4 ms: a request of client A in A2 to r1 at 12.4 ms came the first time, ' +
        'a timer of client B in B1 at 13 ms the second',
    );
  });

  test('D15 a field of a record', () => {
    const granted = (fencingToken: number) => released(7_000, { fencingToken });
    expect(said([granted(4)], [granted(5)])).toBe(
      'record 1 at 7 ms, the record ok of A in A2: ' +
        'fencingToken 4 the first time, fencingToken 5 the second',
    );
  });

  test('D15 a field that one of two records has not', () => {
    const [first, second] = [undefined, 'held'].map((reason) => released(7_000, { reason }));
    expect(said([first!], [second!])).toBe(
      'record 1 at 7 ms, the record ok of A in A2: ' +
        'reason (none) the first time, reason held the second',
    );
  });

  test('D15 the end: one run went on', () => {
    const timer = event('timer', 500);
    expect(said([timer], [])).toBe(
      'event 1 at 0.5 ms: a timer of client A came the first time, the end of the run the second',
    );
    expect(said([], [timer])).toBe(
      'event 1 at 0.5 ms: the end of the run came the first time, a timer of client A the second',
    );
  });

  test('D15 the connection alone', () => {
    const over = (lane: number) => event('request', 500, { lane, peer: 'r1' });
    expect(said([over(1)], [over(2)])).toBe(
      'event 1 at 0.5 ms, a request of client A to r1: ' +
        'over one connection the first time, over another the second',
    );
  });

  test('D15 as data it names index, instant, kind, host and operation', () => {
    expect(firstDifference([start, request('DEL a')], [start, request('DEL b')])).toEqual({
      differsIn: 'payload',
      entry: 'event',
      index: 1,
      atUs: 12_400,
      kind: 'request',
      host: 'A',
      operation: 'A2',
      what: 'a request of client A in A2 to r1',
      first: 'DEL a',
      second: 'DEL b',
    });
  });
});

test.each([
  [event('start', 0), 'the start of client A'],
  [event('reply', 0, { peer: 'r1' }), 'a reply of r1 to client A'],
  [event('closed', 0, { peer: 'r1' }), 'the reset of a connection of client A to r1'],
  [event('hangup', 0, { peer: 'r1' }), 'the end of a connection of client A at r1'],
  [event('alarm', 0, { host: 'r1', payload: 'wall' }), 'an alarm of r1'],
  [event('fault', 0, { payload: 'f1' }), 'the fault f1'],
  [event('fault', 0), 'the end of a fault'],
  [event('phase', 0, { payload: 'healed' }), 'the phase healed'],
])('an entry in words: %#', (entry, words) => {
  expect(entryWords(entry)).toBe(words);
});

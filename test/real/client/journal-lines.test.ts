/** A line of a journal is read as it was said, or not at all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryRecord } from '../../../src/history.js';
import type { ClientLine } from '../../../src/real/client/job.js';
import { layDown, takeUp } from '../../../src/real/client/journal-lines.js';
import { PortionReader, PortionWriter } from '../../../src/real/client/portion.js';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme', minLength: 40 }),
  fc.constantFrom('', 'null', 'undefined', '\t', 'a\tb\n', '\u0001', '\u0003', '\\', '"', '{}'),
);
const number = fc.oneof(fc.integer(), fc.double());
const waitMs = fc.option(fc.nat(), { nil: null });
const finite = fc.integer();
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const common = { atUs: finite, call: finite, client: text, operation: text };
const records = fc.oneof(
  fc.record({
    type: fc.constant('invoke'),
    ...common,
    incarnation: finite,
    action: text,
    key: text,
    mode: text,
    ttlMs: optional(finite),
    waitMs: optional(waitMs),
    grant: optional(finite),
  }),
  fc.record({
    type: fc.constantFrom('ok', 'fail', 'info'),
    ...common,
    action: text,
    ownerId: optional(text),
    fencingToken: optional(finite),
    push: optional(fc.boolean()),
    pull: optional(fc.boolean()),
    reason: optional(text),
  }),
  fc.record({
    type: fc.constant('step'),
    atUs: finite,
    calledAtUs: finite,
    grant: finite,
    client: text,
    access: optional(fc.constantFrom('read', 'write')),
    cell: optional(text),
  }),
  fc
    .record({
      type: fc.constant('enter'),
      ...common,
      calledAtUs: finite,
      grant: finite,
      incarnation: finite,
      key: text,
      mode: text,
      fencingToken: optional(finite),
    })
    .map(({ call: _call, ...record }) => record),
  fc.record({
    type: fc.constant('exit'),
    atUs: finite,
    calledAtUs: finite,
    grant: finite,
    client: text,
    completed: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('validity'),
    atUs: finite,
    calledAtUs: finite,
    grant: finite,
    validForMs: number,
  }),
  fc.record({ type: fc.constant('release-sent'), atUs: finite, grant: finite }),
  fc.record({
    type: fc.constant('host'),
    atUs: fc.integer(),
    host: text,
    incarnation: fc.integer(),
    state: fc.constantFrom('paused', 'resumed'),
  }),
) as unknown as fc.Arbitrary<HistoryRecord>;
const lines = fc.oneof(
  records.map((record): ClientLine => ({ line: 'record', record })),
  fc.record({ line: fc.constant('issued' as const), ownerId: text, operation: text }),
  fc.record({
    line: fc.constant('sent' as const),
    atUs: fc.integer(),
    server: text,
    text,
    operation: text,
    action: optional(fc.constantFrom('acquire' as const, 'release' as const)),
  }),
  fc.record({ line: fc.constant('done' as const), nextOperation: fc.nat() }),
  fc.record({
    line: fc.constant('found' as const),
    kind: fc.constant('threw' as const),
    message: text,
  }),
);

/** What is heard of what was said, in one portion. */
function heard(said: readonly ClientLine[]): ClientLine[] {
  const portion = new PortionWriter();
  for (const line of said) layDown(line, portion);
  return takeUp(PortionReader.first(portion.take())!.portion);
}

describe('lines of a journal', () => {
  it('are read as they were said', () => {
    fc.assert(
      fc.property(fc.array(lines), (said) => {
        expect(heard(said)).toEqual(said);
      }),
    );
  });

  it('say what a lock of somebody’s says against its types, as JSON does', () => {
    const complete = { atUs: 1, call: 2, client: 'A', operation: 'A1', action: 'acquire' };
    const said = [
      { type: 'ok', ...complete, ownerId: 42, push: false, pull: false },
      { type: 'fail', ...complete, reason: { code: 'held' } },
      { type: 'ok', ...complete, ownerId: 'a', fencingToken: '7', push: false, pull: false },
      { type: 'enter', ...complete, fencingToken: null },
      { type: 'validity', atUs: 1, calledAtUs: 1, grant: 2, validForMs: '5' },
      { type: 'release-sent', atUs: 3, grant: 2 },
    ].map((record) => ({ line: 'record', record }) as unknown as ClientLine);
    expect(heard(said)).toEqual(said);
  });

  it('have their fields in the order of their type, whatever order they were said in', () => {
    const record = { waitMs: null, type: 'invoke', atUs: 1, call: 2 } as unknown as HistoryRecord;
    const [line] = heard([{ line: 'record', record }]);
    const fields = ['atUs', 'call', 'client', 'incarnation', 'operation', 'action', 'key', 'mode'];
    expect(line?.line === 'record' && Object.keys(line.record)).toEqual([
      'type',
      ...fields,
      'ttlMs',
      'waitMs',
      'grant',
    ]);
  });
});

/** The index of a history: what belongs to which grant, and positions (R0, R1). */
import { expect, test } from 'vitest';
import {
  calledPosition,
  endOfInstant,
  indexHistory,
  NONE,
  positionOf,
} from '../../src/checkers/sections.js';
import { story } from './history-builder.js';

const told = story('A', 'B')
  .acquire('A', 0)
  .enter('A', 2)
  .step('A', 4, { calledMs: 3 })
  .lossDelivered('A', 5)
  .told('A', 5)
  .leave('A', 6)
  .release('A', 7, { endMs: null })
  .acquire('B', 8, { on: [], ends: 'fail' })
  .add({ type: 'validity', atUs: 9_500, calledAtUs: 9_500, grant: 1, validForMs: 3 })
  .pause('B', 10, 11);
const index = indexHistory(told.history());
const typesOf = (records: readonly number[]) => records.map((at) => index.records[at]!.type);

test('R0 a grant knows its records', () => {
  const [grant] = index.grants;
  expect(grant).toMatchObject({
    id: 1,
    client: 'A',
    incarnation: 1,
    operation: 'A1',
    key: 'lock',
    mode: 'exclusive',
  });
  const { enter, exit, told: toldAt, releaseSent, acts, losses, validities } = grant!;
  expect(typesOf([enter, exit, toldAt, releaseSent])).toEqual([
    'enter',
    'exit',
    'told',
    'release-sent',
  ]);
  expect(typesOf(acts)).toEqual(['enter', 'step']);
  expect(typesOf(losses)).toEqual(['loss-delivered']);
  expect(typesOf(validities)).toEqual(['validity']);
  const { acquire, calls } = grant!;
  expect(acquire.completion?.type).toBe('ok');
  expect(index.records[acquire.invoked]).toBe(acquire.invocation);
  expect(index.records[acquire.completed]).toBe(acquire.completion);
  expect(calls.map(({ invocation, completed }) => [invocation.action, completed])).toEqual([
    ['release', NONE],
  ]);
});

test('R0 a completed exit is an act, and a grant may have none of all this', () => {
  const done = indexHistory(story('A').acquire('A', 0).enter('A', 2).exit('A', 3).history());
  expect(done.grants[0]!.acts).toEqual([4, 5]);
  expect(index.grants[1]).toMatchObject({
    enter: NONE,
    exit: NONE,
    told: NONE,
    releaseSent: NONE,
    acts: [],
    leases: [],
    losses: [],
    validities: [],
    calls: [],
  });
});

test('R1 a lease knows its grant, its acknowledgement and its end', () => {
  const [lease] = index.leases;
  expect(index.grants[0]!.leases).toEqual([lease]);
  expect(lease!.grant).toBe(index.grants[0]);
  expect(lease!.end?.cause).toBe('released');
  expect(typesOf([lease!.applied, lease!.acked, lease!.ended])).toEqual([
    'lease',
    'acked',
    'lease-end',
  ]);
});

test('R0 lists of the whole history', () => {
  expect(index.calls.map(({ invocation }) => invocation.action)).toEqual([
    'acquire',
    'release',
    'acquire',
  ]);
  expect(index.grants.map(({ operation }) => operation)).toEqual(['A1', 'B1']);
  expect(index.sections).toEqual([index.grants[0]]);
  expect(index.grantById.get(1)).toBe(index.grants[0]);
  expect(index.grantById.get(2)).toBeUndefined();
  expect(index.grantByOperation.get('B1')).toBe(index.grants[1]);
  expect(index.grantByOperation.get('A1')).toBe(index.grants[0]);
  expect(index.grantByOperation.get('C1')).toBeUndefined();
  expect(typesOf(index.requests)).toEqual(['request']);
  expect(typesOf(index.hostStates.get('B')!)).toEqual(['host', 'host']);
});

test('R1 the quorum is the majority of the servers, or what the lock declares', () => {
  const quorumOf = (servers: readonly string[], quorum?: number) =>
    indexHistory(
      story('A')
        .servers(...servers)
        .declares(quorum === undefined ? {} : { quorum })
        .history(),
    ).quorum;
  expect(quorumOf(['r1'])).toBe(1);
  expect(quorumOf(['r1', 'r2'])).toBe(2);
  expect(quorumOf(['r1', 'r2', 'r3', 'r4', 'r5'])).toBe(3);
  expect(quorumOf(['r1', 'r2', 'r3', 'r4', 'r5'], 4)).toBe(4);
});

test('R3 a loss of an operation that never acquired is of no grant', () => {
  const strange = { type: 'loss-delivered', atUs: 0, client: 'A', incarnation: 1 } as const;
  const history = story('A')
    .add({ ...strange, operation: 'A9', server: 'r1' })
    .history();
  expect(indexHistory(history).grants).toEqual([]);
});

test('R0 a position lies before its record, or after all of an instant', () => {
  const step = index.records.findIndex(({ type }) => type === 'step');
  expect(positionOf(index, step)).toEqual({ atUs: 4_000, before: step });
  expect(endOfInstant(index, 5_000)).toEqual({ atUs: 5_000, before: step + 3 });
  expect(endOfInstant(index, 4_999)).toEqual({ atUs: 4_999, before: step + 1 });
  expect(endOfInstant(index, 99_999).before).toBe(index.records.length);
});

test('R2 a call lies before its record, or after the instant at which it was called', () => {
  const { enter, acts } = index.grants[0]!;
  expect(calledPosition(index, enter)).toEqual({ atUs: 2_000, before: enter });
  expect(calledPosition(index, acts[1]!)).toEqual({ atUs: 3_000, before: acts[1] });
  const tie = story('A')
    .acquire('A', 0)
    .enter('A', 2)
    .told('A', 3)
    .step('A', 5, { calledMs: 3 })
    .told('A', 3);
  const late = indexHistory(tie.history());
  expect(calledPosition(late, 7)).toEqual({ atUs: 3_000, before: 7 });
  const now = story('A').acquire('A', 0).enter('A', 2).told('A', 2);
  expect(calledPosition(indexHistory(now.history()), 4)).toEqual({ atUs: 2_000, before: 4 });
});

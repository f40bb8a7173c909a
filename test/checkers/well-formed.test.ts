/** What a history must be for checkers to judge it: each way to be malformed, and its sentence. */
import { test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { findMalformation } from '../../src/checkers/well-formed.js';
import type { HistoryRecord } from '../../src/history.js';
import { arbitraryHistory } from './arbitrary-history.js';
import { type Story, story } from './history-builder.js';
import { RUNS } from './judging.js';

const whole = () =>
  story('A', 'B').acquire('A', 0).enter('A', 2).step('A', 3).exit('A', 4).release('A', 5);

const problemOf = (told: Story) => findMalformation(told.history())?.problem;

/** A record of the story, changed. */
function changed(told: Story, type: HistoryRecord['type'], change: object): string | undefined {
  const history = told.history();
  const at = history.records.findLastIndex((record) => record.type === type);
  const records = history.records.with(at, { ...history.records[at]!, ...change } as HistoryRecord);
  return findMalformation({ ...history, records })?.problem;
}

/** A record of the story, told a second time right after. */
function twice(type: HistoryRecord['type']): string | undefined {
  const history = whole().history();
  const at = history.records.findLastIndex((record) => record.type === type);
  const records = history.records.toSpliced(at, 0, history.records[at]!);
  return findMalformation({ ...history, records })?.problem;
}

test('R0 a whole story is well-formed, and so is nothing at all', () => {
  expect(problemOf(whole())).toBeUndefined();
  expect(problemOf(story('A'))).toBeUndefined();
});

test('R0 every record of a story may stand where it is', () => {
  const told = whole()
    .pause('A', 6, 7)
    .crash('A', 8, 9)
    .clock('A', 'wall', 8, -5, -999_999)
    .acquire('A', 10, { term: 'session' })
    .renew('A', 12)
    .enter('A', 14, { calledMs: 13 })
    .lossDelivered('A', 15)
    .told('A', 15)
    .leave('A', 15)
    .add({ type: 'validity', atUs: 15_000, calledAtUs: 15_000, grant: 1, validForMs: 0 })
    .add({
      ...{ type: 'access', atUs: 15_000, resource: 'store', key: 'lock', access: 'read' },
      ...{ client: 'A', grant: 1, accepted: true },
    } as const)
    .add({ type: 'fault', atUs: 15_000, fault: 'f1', class: 'pause', edge: 'start' })
    .add({ type: 'pending', atUs: 15_000, client: 'A', incarnation: 2, requests: 0, timers: 0 });
  expect(problemOf(told)).toBeUndefined();
});

property.prop([arbitraryHistory], RUNS)('R0 random histories are well-formed', (history) => {
  expect(findMalformation(history)).toBeUndefined();
});

test('R0 the sentence names the record, its type and its time', () => {
  const told = story('A').acquire('A', 0, { ends: 'fail' }).enter('A', 2);
  expect(findMalformation(told.history())).toEqual({
    record: 4,
    problem: 'record 4 (enter, 2000 µs): grant 1 was not granted',
  });
});

describe('R0 time', () => {
  const fault = (atUs: number) =>
    ({ type: 'fault', atUs, fault: 'f1', class: 'pause', edge: 'start' }) as const;

  test('R0 records stand in the order of time', () => {
    const history = { ...story('A').history(), records: [fault(5), fault(5), fault(4)] };
    expect(findMalformation(history)?.problem).toBe(
      'record 2 (fault, 4 µs): it is earlier than the record before it (5 µs)',
    );
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])('R0 %s is no instant', (atUs) => {
    expect(problemOf(story('A').add(fault(atUs)))).toBe(
      `record 0 (fault, ${atUs} µs): its time ${atUs} is no whole number of µs`,
    );
  });

  test('R0 a run begins at 0', () => {
    expect(problemOf(story('A').add(fault(0)))).toBeUndefined();
  });
});

describe('R0 calls', () => {
  test.each([
    ['invoke', 'call 2 is invoked a second time'],
    ['ok', 'call 2 ends a second time'],
    ['lease', 'lease 1 is made a second time'],
    ['acked', 'lease 1 is acknowledged a second time'],
    ['lease-end', 'lease 1 ends a second time'],
    ['enter', 'grant 1 enters a second time'],
    ['exit', 'grant 1 leaves a second time'],
  ] as const)('R0 %s happens once', (type, problem) => {
    expect(twice(type)).toContain(problem);
  });

  test('R0 an operation acquires once', () => {
    const again = { type: 'invoke', atUs: 9_000, call: 9, client: 'A', incarnation: 1 } as const;
    const asked = { operation: 'A1', action: 'acquire', key: 'lock', mode: 'exclusive' } as const;
    expect(problemOf(whole().add({ ...again, ...asked }))).toContain(
      'operation A1 acquires a second time',
    );
  });

  test('R0 a release is of a grant that was asked for', () => {
    expect(changed(whole(), 'invoke', { grant: 7 })).toContain('there is no acquire 7 before it');
    expect(changed(whole(), 'invoke', { grant: undefined })).toContain('there is no acquire');
    expect(changed(whole(), 'invoke', { grant: 2 })).toContain('there is no acquire 2 before it');
  });

  test('R0 a completion is of an invoked call, by the same client, as the same action', () => {
    expect(changed(whole(), 'ok', { call: 7 })).toContain('call 7 was never invoked');
    const problem = 'call 2 was invoked as release by A';
    expect(changed(whole(), 'ok', { action: 'acquire' })).toContain(problem);
    expect(changed(whole(), 'ok', { client: 'B' })).toContain(problem);
  });

  test.each(['told', 'release-sent', 'validity', 'access'] as const)(
    'R0 %s is of a grant',
    (type) => {
      const record = { type, atUs: 9_000, grant: 2 } as unknown as HistoryRecord;
      expect(problemOf(whole().add(record))).toContain('there is no acquire 2 before it');
    },
  );
});

describe('R2 acts', () => {
  test.each(['enter', 'step', 'exit'] as const)('R2 %s is of a grant, by its client', (type) => {
    expect(changed(whole(), type, { grant: 7 })).toContain('there is no acquire 7 before it');
    expect(changed(whole(), type, { client: 'B' })).toContain('grant 1 belongs to A, not to B');
  });

  test('R2 the call comes before its effect', () => {
    expect(changed(whole(), 'step', { calledAtUs: 3_001 })).toContain('before it is called');
    expect(changed(whole(), 'step', { calledAtUs: 3_000 })).toBeUndefined();
  });

  test('R2 a section is entered under the key and mode that were granted', () => {
    const problem = 'grant 1 is exclusive for lock';
    expect(changed(whole(), 'enter', { key: 'other' })).toContain(problem);
    expect(changed(whole(), 'enter', { mode: 'shared' })).toContain(problem);
  });

  test('R2 nobody acts or leaves before it entered', () => {
    const granted = () => story('A').acquire('A', 0);
    expect(problemOf(granted().step('A', 2))).toContain('grant 1 has not entered');
    expect(problemOf(granted().exit('A', 2))).toContain('grant 1 has not entered');
  });

  test('R2 nobody enters while the acquire is pending', () => {
    const pending = story('A').acquire('A', 0, { endMs: null }).enter('A', 2);
    expect(problemOf(pending)).toContain('grant 1 was not granted');
  });

  test('R2 one may act after having left', () => {
    expect(problemOf(whole().step('A', 9))).toBeUndefined();
  });
});

describe('R1 leases', () => {
  test('R1 a lease is at a server of the run', () => {
    expect(changed(whole(), 'lease', { server: 'r9' })).toContain('there is no server r9');
    expect(changed(whole(), 'request', { server: 'r9' })).toContain('there is no server r9');
    const lost = whole().lossDelivered('A', 9, { server: 'r9' });
    expect(problemOf(lost)).toContain('there is no server r9');
  });

  test('R1 a lease is sent before it is applied', () => {
    expect(changed(whole(), 'lease', { sentAtUs: 501 })).toContain('applied before it is sent');
    expect(changed(whole(), 'lease', { sentAtUs: 500 })).toBeUndefined();
  });

  test('R1 a term is positive, or there is none', () => {
    expect(changed(whole(), 'lease', { termUs: 0 })).toContain('lease 1 has no positive term');
    expect(changed(whole(), 'lease', { termUs: Number.NaN })).toContain('no positive term');
    expect(changed(whole(), 'lease', { termUs: 1 })).toBeUndefined();
    expect(changed(whole(), 'lease', { termUs: 'none' })).toBeUndefined();
  });

  test('R1 what is acknowledged or ends was made', () => {
    expect(changed(whole(), 'acked', { lease: 7 })).toContain('lease 7 was never made');
    expect(changed(whole(), 'lease-end', { lease: 7 })).toContain('lease 7 was never made');
  });
});

describe('R8 hosts', () => {
  const paused = (atMs: number) => hostRecord(atMs, 'paused');
  const hostRecord = (atMs: number, state: string, incarnation = 1) =>
    ({ type: 'host', atUs: atMs * 1000, host: 'A', incarnation, state }) as HistoryRecord;
  const inside = () => story('A').acquire('A', 0).enter('A', 2);

  test.each<readonly [string, readonly HistoryRecord[]]>([
    ['A pauses but is paused', [paused(3), paused(4)]],
    ['A pauses but is dead', [hostRecord(3, 'dead'), paused(4)]],
    ['A resumes but is not paused', [hostRecord(3, 'resumed')]],
    ['A resumes but is not paused', [paused(3), hostRecord(4, 'dead'), hostRecord(5, 'resumed')]],
    ['A dies a second time', [hostRecord(3, 'dead'), hostRecord(4, 'dead')]],
    ['A restarts but is not dead', [hostRecord(3, 'restarted', 2)]],
    ['A restarts but is not dead', [paused(3), hostRecord(4, 'restarted', 2)]],
    ['A is in incarnation 1', [hostRecord(3, 'paused', 2)]],
    ['A is in incarnation 2', [hostRecord(3, 'dead'), hostRecord(4, 'restarted', 1)]],
    ['A is in incarnation 2', [hostRecord(3, 'dead'), hostRecord(4, 'restarted', 3)]],
  ])('R8 %s', (problem, records) => {
    const told = inside();
    for (const record of records) told.add(record);
    expect(problemOf(told)).toContain(problem);
  });

  test('R8 a host may pause again, die asleep, restart and pause', () => {
    const told = inside().pause('A', 3, 4).pause('A', 4, 5).add(paused(6)).crash('A', 7, 8);
    expect(problemOf(told.pause('A', 9, 10))).toBeUndefined();
  });

  test('R8 nobody acts while paused, dead, or as an incarnation that is over', () => {
    expect(problemOf(inside().add(paused(3)).step('A', 4))).toContain('A is paused');
    expect(problemOf(inside().crash('A', 3).step('A', 4))).toContain('A is dead');
    const over = inside().crash('A', 3, 4).step('A', 5);
    expect(problemOf(over)).toContain('incarnation 1 of A is over');
    expect(problemOf(inside().pause('A', 3, 4).step('A', 4))).toBeUndefined();
  });

  test('R4 a clock advances', () => {
    const drift = (ppm: number) => problemOf(story('A').clock('A', 'mono', 0, 0, ppm));
    expect(drift(-1_000_000)).toContain('the clock of A does not advance');
    expect(drift(-999_999)).toBeUndefined();
    expect(problemOf(story('A').clock('A', 'mono', 0, Number.NaN))).toContain('does not advance');
  });
});

test('R0 a record of an unknown type is malformed', () => {
  const strange = { type: 'miracle', atUs: 0 } as unknown as HistoryRecord;
  expect(problemOf(story('A').add(strange))).toContain('there is no such record as "miracle"');
});

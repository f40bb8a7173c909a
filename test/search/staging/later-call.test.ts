/** A client that stops before any of its requests can have left is stopped at a later call. */
import { expect, test } from 'vitest';
import type { Fault } from '../../../src/fault.js';
import type { History, HistoryRecord } from '../../../src/history.js';
import type { RunPlan } from '../../../src/search/replay-code.js';
import { stoppedLater } from '../../../src/search/staging/later-call.js';

const crash: Fault = {
  id: 'f1',
  class: 'client-crash',
  host: 'A',
  at: { call: { operation: 'A1', nth: 3 } },
  mode: 'kill',
  restartAfterUs: null,
};

function planWith(fault: Fault): RunPlan {
  const clients = [{ id: 'A', operations: [{ id: 'A1' }, { id: 'A2' }] }];
  return { scenario: { clients, faults: [fault] }, key: [0, 0, 0, 0] } as unknown as RunPlan;
}

/** A lease whose request left then, got there then, and whose client stopped then. */
function historyOf(sentAtUs: number, atUs: number, stopsAtUs: number, operation = 'A1'): History {
  const records = [
    { type: 'host', atUs: stopsAtUs, host: 'A', incarnation: 1, state: 'dead' },
    { type: 'lease', atUs, sentAtUs, host: 'A', operation },
  ] as unknown as HistoryRecord[];
  return { records } as unknown as History;
}

const callsOf = (plans: Iterable<RunPlan>) =>
  [...plans].map(({ scenario }) => {
    const { at } = scenario.faults[0]!;
    return 'call' in at ? at.call.nth : undefined;
  });

test('the nearest later call comes first', () => {
  const calls = callsOf(stoppedLater(planWith(crash), historyOf(100, 600, 100)));
  expect(calls).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
});

test('who had been connected for long, or had its lease, stops where it did', () => {
  expect(callsOf(stoppedLater(planWith(crash), historyOf(100, 9_000, 8_000)))).toEqual([]);
  expect(callsOf(stoppedLater(planWith(crash), historyOf(100, 600, 700)))).toEqual([]);
  expect(callsOf(stoppedLater(planWith(crash), historyOf(100, 600, 100, 'A2')))).toEqual([]);
});

test('a fault of another kind, or at an instant, stays', () => {
  const atOnce: Fault = { ...crash, at: { atUs: 100 } };
  expect(callsOf(stoppedLater(planWith(atOnce), historyOf(100, 600, 100)))).toEqual([]);
});

/** Places in a queue, from when a server has made them until it says that they ended (R20). */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Actor, HistoryRecord } from '../../src/history.js';
import type { ClientPlan } from '../../src/scenario.js';
import { QueueObserver } from '../../src/sim/queues.js';
import type { World } from '../../src/sim/world.js';
import { PLAIN_OPERATION } from '../plain-operation.js';

const plan = (id: string, mode: 'exclusive' | 'shared'): ClientPlan => ({
  id,
  operations: [{ id: `${id}1`, gapUs: 0, sectionUs: 1, ...PLAIN_OPERATION, mode }],
});
const who = (host: string, incarnation = 1): Actor => ({
  host,
  incarnation,
  operation: `${host}1`,
});

let records: HistoryRecord[] = [];
let queues: QueueObserver;
beforeEach(() => {
  records = [];
  const world = { nowUs: 7, record: (record: HistoryRecord) => records.push(record) };
  queues = new QueueObserver(world as unknown as World, [
    plan('A', 'exclusive'),
    plan('B', 'shared'),
  ]);
});

test('R20 a place is recorded with its owner, and with the mode of the operation', () => {
  queues.joined('r1', 'line', 'a', who('A'));
  queues.joined('r1', 'line', 'b', who('B', 2));
  queues.joined('r1', 'line', 'p', who('P'));
  const at = { type: 'enqueued', atUs: 7, key: 'line', server: 'r1' };
  expect(records).toEqual([
    { ...at, ...who('A'), mode: 'exclusive' },
    { ...at, ...who('B', 2), mode: 'shared' },
    { ...at, ...who('P'), mode: 'exclusive' },
  ]);
});

test('R20 who stands in a queue does not join it again; another server is another queue', () => {
  queues.joined('r1', 'line', 'a', who('A'));
  queues.joined('r1', 'line', 'a', who('A'));
  queues.joined('r2', 'line', 'a', who('A'));
  expect(records.map((record) => 'server' in record && record.server)).toEqual(['r1', 'r2']);
});

describe('R20 a place that is taken out', () => {
  test.each([
    ['by its owner: left', who('A'), 'left'],
    ['by an earlier operation of its owner: left', { ...who('A'), operation: 'A0' }, 'left'],
    ['by another incarnation: removed', who('A', 2), 'removed'],
    ['by another client: removed', who('B'), 'removed'],
  ] as const)('R20 %s', (_name, by, cause) => {
    queues.joined('r1', 'line', 'a', who('A'));
    queues.takenOut('r1', 'a', by);
    const gone = { type: 'dequeued', atUs: 7, key: 'line', server: 'r1', ...who('A'), cause };
    expect(records.slice(1)).toEqual([gone]);
  });
});

test('R20 a place ends once, and can be made anew', () => {
  queues.ended('r1', 'a', 'expired');
  queues.joined('r1', 'line', 'a', who('A'));
  queues.ended('r1', 'a', 'granted');
  queues.takenOut('r1', 'a', who('A'));
  queues.joined('r1', 'line', 'a', who('A'));
  expect(records.map((one) => (one.type === 'dequeued' ? one.cause : one.type))).toEqual([
    'enqueued',
    'granted',
    'enqueued',
  ]);
});

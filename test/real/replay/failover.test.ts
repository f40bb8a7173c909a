/** Where the connections of a story go when a leader is cut off, and how long that lasts. */
import { expect, test } from 'vitest';
import type { LogEntry } from '../../../src/difference.js';
import type { FailoverFault } from '../../../src/fault.js';
import { cutOffsOf } from '../../../src/real/replay/play.js';
import { type Step, scoreOf } from '../../../src/real/replay/score.js';
import type { Trace, TraceMessage } from '../../../src/trace.js';

const failover = (host: string): FailoverFault => ({
  id: 'f1',
  class: 'failover',
  host,
  replica: 2,
  at: { atUs: 500 },
});

const traceOf = (server: string, messages: readonly TraceMessage[]) =>
  ({
    scenario: { servers: [{ id: server, replicaLagUs: [] }], faults: [failover(server)] },
    history: { records: [] },
    messages,
  }) as unknown as Trace;

const request = (server: string, connection: number, atUs: number, member?: number): LogEntry => ({
  entry: 'event',
  index: 0,
  atUs,
  kind: 'request',
  host: 'A',
  peer: server,
  lane: connection * 2,
  ...(member !== undefined && { member }),
  fingerprint: '',
});

const message = (to: string, endedAtUs: number): TraceMessage => {
  const times = { sentAtUs: endedAtUs - 1, dueUs: endedAtUs, endedAtUs };
  return { from: 'A', to, ...times, fate: 'delivered', text: 'get k' };
};

const fault = (atUs: number, edge: 'start' | 'end'): LogEntry => ({
  entry: 'record',
  index: 0,
  atUs,
  kind: 'fault',
  record: { type: 'fault', atUs, fault: 'f1', class: 'failover', edge },
  fingerprint: '',
});

const struck = (host: string, atUs: number, what: LogEntry['struck']): LogEntry => {
  const entry = { entry: 'event', index: 0, kind: 'struck', fingerprint: '' } as const;
  return { ...entry, atUs, host, struck: what! };
};

const membersOf = (steps: readonly Step[]) =>
  steps.flatMap((step) => (step.step === 'request' ? [[step.connection, step.member]] : []));

test('who stays with a leader that is cut off is with it from the beginning', () => {
  const log = [
    request('e1', 7, 100),
    request('e1', 8, 200),
    fault(500, 'start'),
    struck('e1', 500, { left: [8] }),
    request('e1', 9, 600),
  ];
  const messages = [100, 200, 600].map((atUs) => message('e1', atUs));
  const steps = scoreOf(log, traceOf('e1', messages), -1);
  expect(membersOf(steps)).toEqual([
    [7, 2],
    [8, 1],
    [9, 2],
  ]);
  const met = steps.find((step) => step.step === 'fault');
  expect(met).toMatchObject({ edge: 'start', struck: { left: [8] } });
});

test('a connection to a ZooKeeper goes to the server that it is to', () => {
  const log = [request('z1', 7, 100, 3), fault(500, 'start'), struck('z1', 500, { member: 3 })];
  const steps = scoreOf(log, traceOf('z1', [message('z1', 100)]), -1);
  expect(membersOf(steps)).toEqual([[7, 3]]);
  expect(steps.at(-1)).toMatchObject({ step: 'fault', struck: { member: 3 } });
});

test('who is cut off is so until the failover ends, or for ever', () => {
  const begun = scoreOf([fault(500, 'start')], traceOf('z1', []), -1);
  expect([...cutOffsOf(begun)]).toEqual([['z1', Number.POSITIVE_INFINITY]]);
  const ended = scoreOf([fault(500, 'start'), fault(9_500, 'end')], traceOf('z1', []), -1);
  expect([...cutOffsOf(ended)]).toEqual([['z1', 9]]);
  expect([...cutOffsOf([])]).toEqual([]);
});

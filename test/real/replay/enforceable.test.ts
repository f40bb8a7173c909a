/** Steps of one instant are put into an order that real processes can be held to. */
import { expect, test } from 'vitest';
import type { Fault } from '../../../src/fault.js';
import { enforceable } from '../../../src/real/replay/enforceable.js';
import type { Step } from '../../../src/real/replay/score.js';
import type { Trace } from '../../../src/trace.js';

const PAUSE: Fault = {
  id: 'f1',
  class: 'pause',
  host: 'A',
  at: { delivery: { operation: 'A1', nth: 2 } },
  durationUs: 1_000,
};
const FAILOVER: Fault = { id: 'f2', class: 'failover', host: 'r1', replica: 1, at: { atUs: 500 } };
const TRACE = { scenario: { servers: [{ id: 'r1', replicaLagUs: [300] }] } } as unknown as Trace;

const reply = (client: string, atUs: number): Step => ({
  step: 'reply',
  atUs,
  client,
  server: 'r1',
  connection: 1,
  text: 'OK',
  late: false,
});
const struck = (fault: Fault, atUs: number): Step => ({
  step: 'fault',
  atUs,
  fault,
  edge: 'start',
  byItself: false,
});
const paused = (atUs: number, byItself?: string): Step => ({
  step: 'host',
  atUs,
  client: 'A',
  state: 'paused',
  incarnation: 1,
  ...(byItself !== undefined && { byItself }),
});

test('who is paused as a reply arrives is stopped before it is handed over', () => {
  const steps = [reply('B', 10), reply('A', 20), struck(PAUSE, 20), paused(20)];
  const [other, stop, ...rest] = enforceable(steps, TRACE);
  expect([other, stop]).toEqual([reply('B', 10), paused(20)]);
  expect(rest).toEqual([reply('A', 20), struck(PAUSE, 20)]);
});

test('what came earlier, or to another client, has come', () => {
  const steps = [reply('A', 10), reply('B', 20), struck(PAUSE, 20), paused(20)];
  expect(enforceable(steps, TRACE)).toEqual([
    reply('A', 10),
    reply('B', 20),
    paused(20),
    struck(PAUSE, 20),
  ]);
});

test('who stops itself at a call has had its reply', () => {
  const steps = [reply('A', 20), struck(PAUSE, 20), paused(20, 'f1')];
  expect(enforceable(steps, TRACE)).toEqual(steps);
});

test('a replica that takes over stops hearing when its lag begins', () => {
  const steps = [reply('A', 100), reply('A', 250), struck(FAILOVER, 500)];
  expect(enforceable(steps, TRACE)).toEqual([
    reply('A', 100),
    { step: 'detach', atUs: 200, server: 'r1', replica: 1 },
    reply('A', 250),
    struck(FAILOVER, 500),
  ]);
});

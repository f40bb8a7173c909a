/** Which requests are to be there before a server goes down. */
import { expect, test } from 'vitest';
import type { Fault } from '../../../src/fault.js';
import { sentInVain } from '../../../src/real/replay/in-vain.js';
import type { RequestStep, Step } from '../../../src/real/replay/score.js';

const failover: Fault = {
  id: 'f1',
  class: 'failover',
  at: { atUs: 10_000 },
  host: 'r1',
  replica: 1,
};
const DOWN: Step = { step: 'fault', atUs: 10_000, fault: failover, edge: 'start', byItself: false };

function request(client: string, more: Partial<RequestStep> = {}): RequestStep {
  const common = { step: 'request', server: 'r1', connection: 1, text: 'GET k' } as const;
  const lost = { atUs: 10_300, fate: 'unheard', answered: false, cut: false } as const;
  return { ...common, client, ...lost, ...more };
}

test('those that were under way to it', () => {
  const steps: Step[] = [request('A', { fate: 'applied' }), DOWN, request('A'), request('B')];
  expect(sentInVain(steps, 1)).toEqual(steps.slice(2));
  expect(sentInVain(steps, 0)).toEqual([]);
});

test('none that are to another one, are heard, or come later', () => {
  const others = [
    request('A', { server: 'r2' }),
    request('B', { fate: 'applied' }),
    request('C', { atUs: 110_001 }),
  ];
  expect(sentInVain([DOWN, ...others], 0)).toEqual([]);
});

test('none of a client that does something else before', () => {
  const closed: Step = { step: 'closed', atUs: 10_100, client: 'A', server: 'r1', connection: 1 };
  expect(sentInVain([DOWN, closed, request('A'), request('B')], 0)).toEqual([request('B')]);
});

test('none where no server goes down', () => {
  expect(sentInVain([{ ...DOWN, edge: 'end' }, request('A')], 0)).toEqual([]);
  const { host, ...rest } = failover as Extract<Fault, { host: string }>;
  const pause: Step = { ...DOWN, fault: { ...rest, class: 'pause', client: host } as never };
  expect(sentInVain([pause, request('A')], 0)).toEqual([]);
});

/** Connections that were opened earlier are known, also where their requests come later. */
import { expect, test } from 'vitest';
import { overtakenBy } from '../../../src/real/replay/overtaking.js';
import type { RequestStep, Step } from '../../../src/real/replay/score.js';

const request = (connection: number, more: Partial<RequestStep> = {}): RequestStep => ({
  step: 'request',
  atUs: 0,
  client: 'A',
  server: 'p1',
  connection,
  text: 'DELETE FROM locks',
  fate: 'applied',
  answered: true,
  cut: false,
  ...more,
});
const overtaken = (one: RequestStep, ...steps: readonly Step[]) =>
  overtakenBy(one, [...steps, one]);

test('one that was opened earlier and is heard of later or before, once', () => {
  const later = request(7);
  const steps = [request(5), later, request(6), request(6), request(5)];
  expect(overtakenBy(later, steps)).toEqual([5, 6]);
  expect(overtakenBy(request(5), steps)).toEqual([]);
});

test('none of another client or server', () => {
  const others = [request(5, { client: 'B' }), request(6, { server: 'p2' })];
  expect(overtaken(request(7), ...others)).toEqual([]);
});

test('none that no proxy may have seen, or that has heartbeats alone', () => {
  const unseen = request(5, { fate: 'unheard' });
  const beating = request(6, { text: 'ping' });
  const closed = { step: 'closed', atUs: 0, client: 'A', server: 'p1', connection: 4 } as const;
  expect(overtaken(request(7), unseen, beating, closed)).toEqual([]);
  // What is lost on its way has been seen.
  expect(overtaken(request(7), request(5, { fate: 'lost' }))).toEqual([5]);
});

/** A fault is a client's own if it strikes that client at one of its calls. */
import { expect, test } from 'vitest';
import type { Fault } from '../../../src/fault.js';
import { isByItself } from '../../../src/real/replay/by-itself.js';
import { PLAIN_OPERATION } from '../../plain-operation.js';

const operation = (id: string) => ({ ...PLAIN_OPERATION, id, gapUs: 0, sectionUs: 1_000 });
const scenario = {
  clients: [
    { id: 'A', operations: [operation('A1')] },
    { id: 'B', operations: [operation('B1')] },
  ],
};
const pause = (callOf: string): Fault => ({
  id: 'f1',
  class: 'pause',
  host: 'A',
  durationUs: 1,
  at: { call: { operation: callOf, nth: 2 } },
});

test('at its own call, and not at one of another client', () => {
  expect(isByItself(pause('A1'), scenario)).toBe(true);
  expect(isByItself(pause('B1'), scenario)).toBe(false);
});

test('neither at an instant nor of a server', () => {
  expect(isByItself({ ...pause('A1'), at: { atUs: 5 } }, scenario)).toBe(false);
  const server: Fault = { ...pause('A1'), class: 'clock-step', host: 'r1', byUs: 5 } as Fault;
  expect(isByItself(server, scenario)).toBe(false);
});

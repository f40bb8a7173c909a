/** What a task offers can be edited, within its limits, and nothing else can. */
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/fault.js';
import { isOffered, type Offer, offeredOf, withValue } from '../../src/lessons/offer.js';
import type { Edit } from '../../src/lessons/patch.js';
import { pauseAt, pauseAtCall, startOf, worker } from '../../src/lessons/start.js';

const plan = startOf({
  algorithm: 'set-nx',
  ttlMs: 4_000,
  waitMs: 20_000,
  clients: [worker('A', { afterMs: 0, forMs: 2_000 })],
  faults: [pauseAtCall(14, 5_000)],
});
const offers: readonly Offer[] = [
  { field: 'ttlMs', from: 500, to: 1_000 },
  { field: 'algorithm', among: ['set-nx', 'set-nx-fenced'] },
  { field: 'renew', operation: 'A1' },
  { field: 'nth', fault: 'f1', from: 1, to: 20 },
  { field: 'durationUs', fault: 'f1', from: 1_000, to: 5_000_000 },
];
const fault = (to: Fault): Edit => ({ set: 'fault', to });

const allowed: readonly Edit[] = [
  { set: 'ttlMs', to: 500 },
  { set: 'ttlMs', to: 1_000 },
  { set: 'algorithm', to: 'set-nx-fenced' },
  { set: 'operation', id: 'A1', to: { renew: true } },
  { set: 'operation', id: 'A1', to: { renew: false } },
  fault(pauseAtCall(15, 5_000)),
  fault(pauseAtCall(14, 1)),
  fault(pauseAtCall(20, 2_400)),
];

const refused: readonly Edit[] = [
  { set: 'ttlMs', to: 499 },
  { set: 'ttlMs', to: 1_001 },
  { set: 'ttlMs', to: 600.5 },
  { set: 'waitMs', to: 700 },
  { set: 'algorithm', to: 'no-ttl' },
  { set: 'algorithm', to: 'set-nx-fenced', options: { retryDelayMs: 1 } },
  { set: 'workload', to: 'payment' },
  { set: 'option', name: 'retryDelayMs', to: 700 },
  { set: 'operation', id: 'A2', to: { renew: true } },
  { set: 'operation', id: 'A1', to: { renew: true, sectionUs: 1 } },
  { set: 'operation', id: 'A1', to: { sectionUs: 1 } },
  { set: 'client', to: { id: 'A', operations: [] } },
  { set: 'no-fault', id: 'f1' },
  fault(pauseAtCall(21, 5_000)),
  fault(pauseAtCall(0, 5_000)),
  fault(pauseAtCall(14, 5_001)),
  fault(pauseAt(14, 5_000)),
  fault({ ...pauseAtCall(14, 5_000), host: 'B' } as Fault),
  fault({ ...pauseAtCall(14, 5_000), id: 'f2' }),
  fault({ id: 'f1', class: 'lost-reply', at: { atUs: 0 }, client: 'A', server: 'r1' }),
];

describe('what is offered', () => {
  it.each(allowed.map((edit) => [edit]))('may be edited: %j', (edit) => {
    expect(isOffered(offers, plan, edit)).toBe(true);
  });

  it.each(refused.map((edit) => [edit]))('may not be: %j', (edit) => {
    expect(isOffered(offers, plan, edit)).toBe(false);
  });

  it('is nothing if nothing is', () => {
    for (const edit of allowed) expect(isOffered([], plan, edit)).toBe(false);
  });
});

describe('the value of a fault', () => {
  it('is there if the fault has it, and may be set', () => {
    const fault = pauseAtCall(14, 5_000);
    expect(offeredOf(fault, 'nth')).toBe(14);
    expect(offeredOf(fault, 'durationUs')).toBe(5_000_000);
    expect(withValue(fault, 'nth', 3)).toEqual(pauseAtCall(3, 5_000));
    expect(withValue(fault, 'durationUs', 7_000)).toEqual(pauseAtCall(14, 7));
  });

  it('is not there otherwise, and is not added', () => {
    const lost: Fault = {
      id: 'f1',
      class: 'lost-reply',
      at: { atUs: 0 },
      client: 'A',
      server: 'r1',
    };
    for (const field of ['nth', 'durationUs'] as const) {
      expect(offeredOf(lost, field)).toBeUndefined();
      expect(withValue(lost, field, 3)).toEqual(lost);
    }
  });
});

/** Edits of a plan: the new plan has them, the old one stays, and what is not there is named. */
import { describe, expect, it } from 'vitest';
import { applyPatch } from '../../src/lessons/patch.js';
import { operation, pauseAt, pauseAtCall, startOf, worker } from '../../src/lessons/start.js';

const start = startOf({
  algorithm: 'set-nx',
  ttlMs: 4_000,
  waitMs: 20_000,
  clients: [worker('A', { afterMs: 0, forMs: 2_000 }), worker('B', { afterMs: 500, forMs: 3_000 })],
  faults: [pauseAt(1_000, 5_000)],
});
const edited = (...patch: Parameters<typeof applyPatch>[1]) => applyPatch(start, patch).scenario;

describe('a patch', () => {
  it('sets what it names, one edit after the other', () => {
    const scenario = edited(
      { set: 'ttlMs', to: 1 },
      { set: 'waitMs', to: 2 },
      { set: 'workload', to: 'payment' },
      { set: 'algorithm', to: 'no-ttl' },
      { set: 'option', name: 'retryDelayMs', to: 7 },
      { set: 'ttlMs', to: 3 },
    );
    expect(scenario).toEqual({
      ...start.scenario,
      ttlMs: 3,
      waitMs: 2,
      workload: 'payment',
      algorithm: 'no-ttl',
      options: { ...start.scenario.options, retryDelayMs: 7 },
    });
  });

  it('takes all options of another lock if it brings them', () => {
    const options = { retryDelayMs: 1, retryJitterMs: 1 };
    expect(edited({ set: 'algorithm', to: 'x', options }).options).toEqual(options);
  });

  it('changes operations and clients, and how long a section may be', () => {
    const longer = edited({ set: 'operation', id: 'B1', to: { sectionUs: 9_000_000 } });
    expect(longer.clients[1]!.operations[0]).toMatchObject({
      gapUs: 500_000,
      sectionUs: 9_000_000,
    });
    expect(longer.clients[0]).toEqual(start.scenario.clients[0]);
    expect(longer.longestSectionUs).toBe(9_000_000);
    const to = { id: 'A', operations: [operation('A1', { afterMs: 1, forMs: 2 })] };
    const other = edited({ set: 'client', to });
    expect(other.clients).toEqual([to, start.scenario.clients[1]]);
    expect(other.longestSectionUs).toBe(3_000_000);
  });

  it('puts a fault in place of another, beside it, or takes it away', () => {
    const [before] = start.scenario.faults;
    const moved = pauseAtCall(3, 100);
    expect(edited({ set: 'fault', to: moved }).faults).toEqual([moved]);
    const second = { ...moved, id: 'f2' };
    expect(edited({ set: 'fault', to: second }).faults).toEqual([before, second]);
    expect(edited({ set: 'no-fault', id: 'f1' }).faults).toEqual([]);
  });

  it('leaves the plan as it was', () => {
    const copy = structuredClone(start);
    edited({ set: 'ttlMs', to: 1 }, { set: 'no-fault', id: 'f1' });
    expect(start).toEqual(copy);
  });

  it.each([
    [{ set: 'option', name: 'servers', to: 3 }, 'no option servers to edit; it has callTimeoutMs'],
    [{ set: 'operation', id: 'C1', to: {} }, 'no operation C1 to edit; it has A1, B1'],
    [{ set: 'client', to: { id: 'C', operations: [] } }, 'no client C to edit; it has A, B'],
    [{ set: 'no-fault', id: 'f2' }, 'no fault f2 to edit; it has f1'],
  ] as const)('%j names what is not there', (edit, message) => {
    expect(() => edited(edit)).toThrow(RangeError);
    expect(() => edited(edit)).toThrow(message);
  });
});

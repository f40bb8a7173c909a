/** Places in a run by what happens there, and texts that read from it. */
import { describe, expect, it } from 'vitest';
import { atUsOf, countOf, rowOf, told } from '../../src/lessons/anchor.js';
import { applyPatch } from '../../src/lessons/patch.js';
import { pauseAt, startOf, worker } from '../../src/lessons/start.js';
import { factsOfPlan } from './running.js';

const start = startOf({
  algorithm: 'set-nx-fenced',
  ttlMs: 10_000,
  waitMs: 5_000,
  clients: [worker('A', { afterMs: 0, forMs: 1_000 }), worker('B', { afterMs: 3_000, forMs: 500 })],
});
const facts = factsOfPlan(start);

describe('an anchor', () => {
  it('is the first event with all that it says', async () => {
    const { model } = await facts;
    const row = rowOf({ type: 'invoke', operation: 'B1', action: 'release' }, model)!;
    const found = model.record(row);
    expect(found).toMatchObject({ type: 'invoke', client: 'B', action: 'release' });
    expect(rowOf({ type: 'enter', client: 'A' }, model)).toBeLessThan(row);
  });

  it('knows leases and accesses by the lane they are drawn in', async () => {
    const { model } = await facts;
    expect(rowOf({ type: 'lease', host: 'r1' }, model)).toBeDefined();
    expect(rowOf({ type: 'lease', host: 'A' }, model)).toBeUndefined();
    expect(rowOf({ type: 'access', host: 'store', client: 'B' }, model)).toBeDefined();
  });

  it('counts from 1, and is not there beyond the last', async () => {
    const { model } = await facts;
    const writes = { type: 'access', access: 'write' } as const;
    const probe = 1;
    expect(countOf(writes, model)).toBe(2 + probe);
    expect(rowOf({ ...writes, nth: 1 }, model)).toBe(rowOf(writes, model));
    expect(rowOf({ ...writes, nth: 2 }, model)).toBe(rowOf({ ...writes, client: 'B' }, model));
    expect(rowOf({ ...writes, nth: 4 }, model)).toBeUndefined();
    expect(atUsOf({ ...writes, nth: 4 }, model)).toBeNaN();
  });
});

describe('a text', () => {
  it('reads times, lengths and numbers from the run', async () => {
    const run = await facts;
    const asks = { type: 'invoke', operation: 'B1', action: 'acquire' } as const;
    const values = {
      at: { at: asks },
      took: { from: asks, until: { type: 'lease', operation: 'B1' } },
      number: { read: 'fencingToken', of: { type: 'enter', client: 'B' } },
      ttl: { setting: 'ttlMs' },
      work: { section: 'B1' },
    } as const;
    const text = '{at}, {took}, {number}, {ttl}, {work}';
    // B comes after 3 s, and a message takes the usual time: half-way between the limits of R16.
    expect(told(text, values, run)).toBe('3.000 s, 0.6 ms, 2, 10 s, 500 ms');
  });

  it('reads the sizes of faults, and what a look at the clock said', async () => {
    const run = await factsOfPlan(applyPatch(start, [{ set: 'fault', to: pauseAt(500, 2_000) }]));
    const values = {
      pause: { fault: 'f1', size: 'durationUs' },
      left: { read: 'validForMs', of: { type: 'validity', host: 'A' } },
    } as const;
    // The answer came two messages after the request: 1.2 ms of the 10 s were gone.
    expect(told('{pause}, {left}', values, run)).toBe('2 s, 9.9988 s');
  });

  it('names what it cannot fill in', async () => {
    const run = await facts;
    expect(() => told('{x}', {}, run)).toThrow('{x} stands for nothing in "{x}"');
    expect(() => told('{toString}', {}, run)).toThrow(/stands for nothing/);
    const nowhere = { x: { at: { type: 'clock' } } } as const;
    expect(() => told('{x}', nowhere, run)).toThrow('this run has no {x}, named in "{x}"');
    const none = { x: { fault: 'f9', size: 'byUs' } } as const;
    expect(() => told('{x}', none, run)).toThrow(/this run has no/);
  });
});

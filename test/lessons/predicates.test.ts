/** Each predicate, on a run that it holds of and on one that it does not. */
import { describe, expect, it } from 'vitest';
import type { Anchor } from '../../src/lessons/anchor.js';
import { applyPatch, type Patch } from '../../src/lessons/patch.js';
import {
  all,
  beliefBeginsAt,
  beliefEndsFirst,
  breaks,
  comesBefore,
  counterShows,
  freeAt,
  granted,
  happens,
  happensTimes,
  heldAt,
  keeps,
  lastsAtLeast,
  lastsAtMost,
  leaseOutlastsWork,
  not,
  oneAtATime,
  type Predicate,
  refused,
  sends,
  truthBeginsAt,
  truthEndsFirst,
  uses,
  within,
  writeRefused,
  wrote,
  wroteLate,
} from '../../src/lessons/predicates.js';
import { pauseAt, pauseAtCall, startOf, worker } from '../../src/lessons/start.js';
import { factsOfPlan } from './running.js';

const start = startOf({
  algorithm: 'set-nx',
  ttlMs: 4_000,
  waitMs: 20_000,
  clients: [worker('A', { afterMs: 0, forMs: 2_000 }), worker('B', { afterMs: 500, forMs: 3_000 })],
});
const lateWrite = pauseAtCall(15, 5_000);

/** What happens in them stands in the cases below; in `waits` B comes first, and A after it. */
const RUNS = {
  calm: [],
  late: [{ set: 'fault', to: lateWrite }],
  fenced: [
    { set: 'algorithm', to: 'set-nx-fenced' },
    { set: 'fault', to: lateWrite },
  ],
  paused: [{ set: 'fault', to: pauseAt(1_000, 5_000) }],
  waits: [{ set: 'fault', to: pauseAtCall(1, 1_000) }],
  hasty: [{ set: 'waitMs', to: 500 }],
  short: [{ set: 'ttlMs', to: 1_000 }],
} as const satisfies Record<string, Patch>;
type Name = keyof typeof RUNS;

const invoke: Anchor = { type: 'invoke', operation: 'A1', action: 'acquire' };
const lease: Anchor = { type: 'lease', operation: 'A1' };
const answered: Anchor = { type: 'ok', operation: 'A1', action: 'acquire' };
const released: Anchor = { type: 'lease-end', cause: 'released' };
const enterB: Anchor = { type: 'enter', client: 'B' };
const nowhere: Anchor = { type: 'clock' };

const CASES: readonly (readonly [
  name: string,
  predicate: Predicate,
  holds: Name[],
  not: Name[],
])[] = [
  ['breaks', breaks('mutual-exclusion'), ['late', 'fenced'], ['calm', 'paused']],
  ['breaks of a class', breaks('mutual-exclusion', 'inherent-overlap'), ['late'], ['calm']],
  ['breaks of another', breaks('mutual-exclusion', 'double-grant'), [], ['late', 'calm']],
  ['keeps', keeps('resource-safety'), ['calm', 'fenced', 'paused'], ['late']],
  ['keeps what is not judged', keeps('fencing'), ['fenced'], ['calm']],
  ['oneAtATime', oneAtATime, ['calm', 'paused'], ['late', 'fenced']],
  ['not', not(oneAtATime), ['late'], ['calm']],
  ['all', all(oneAtATime, wrote('A')), ['calm'], ['paused', 'late']],
  ['happens', happens({ type: 'host', state: 'paused' }), ['late', 'paused'], ['calm']],
  ['happensTimes', happensTimes(2, enterB), [], ['calm']],
  ['happensTimes, as often', happensTimes(1, enterB), ['calm', 'late'], ['hasty']],
  ['comesBefore', comesBefore(released, enterB), ['calm'], ['late', 'hasty']],
  ['comesBefore, turned', comesBefore(enterB, released), ['late'], ['calm', 'hasty']],
  ['comesBefore nowhere', comesBefore(enterB, nowhere), [], ['calm']],
  ['within', within(500, released, enterB), ['calm'], ['late', 'hasty']],
  ['within less', within(1, released, enterB), [], ['calm']],
  ['granted', granted('B1'), ['calm', 'late'], ['hasty']],
  ['refused', refused('B1'), ['hasty'], ['calm', 'late']],
  ['wrote', wrote('A'), ['calm', 'late'], ['paused', 'fenced', 'short']],
  ['writeRefused', writeRefused('A'), ['fenced'], ['calm', 'late']],
  ['wroteLate', wroteLate('A', 'B'), ['late'], ['calm', 'fenced', 'paused', 'waits']],
  ['counterShows 2', counterShows(2), ['calm'], ['hasty', 'late', 'short']],
  ['counterShows 1', counterShows(1), ['hasty', 'late', 'paused'], ['calm', 'short']],
  ['counterShows 0', counterShows(0), ['short'], ['calm']],
  ['truthBeginsAt', truthBeginsAt(lease), ['calm'], []],
  ['truthBeginsAt too early', truthBeginsAt(invoke), [], ['calm']],
  ['truthBeginsAt too late', truthBeginsAt(answered), [], ['calm']],
  ['beliefBeginsAt', beliefBeginsAt(answered), ['calm'], []],
  ['beliefBeginsAt too early', beliefBeginsAt(lease), [], ['calm']],
  ['beliefEndsFirst', beliefEndsFirst, ['calm'], ['late']],
  ['truthEndsFirst', truthEndsFirst, ['late'], ['calm']],
  ['sends', sends('B', 'r1'), ['calm'], []],
  ['sends to nobody', sends('store', 'r1'), [], ['calm', 'fenced']],
  ['freeAt', freeAt(released), ['calm'], []],
  ['freeAt, held', freeAt(enterB), [], ['calm', 'hasty']],
  ['heldAt', heldAt('B', enterB), ['calm', 'late'], ['hasty']],
  ['heldAt by another', heldAt('A', enterB), [], ['calm', 'late']],
  ['uses', uses('set-nx-fenced'), ['fenced'], ['calm']],
  ['lastsAtLeast', lastsAtLeast('f1', 5_000), ['late', 'paused'], ['calm']],
  ['lastsAtLeast more', lastsAtLeast('f1', 5_001), [], ['late', 'calm']],
  ['lastsAtMost', lastsAtMost('f1', 5_000), ['late'], ['calm']],
  ['lastsAtMost less', lastsAtMost('f1', 4_999), [], ['late', 'calm']],
  ['leaseOutlastsWork', leaseOutlastsWork, ['calm'], ['short']],
];

describe('predicates', () => {
  const factsOf = (name: Name) => factsOfPlan(applyPatch(start, RUNS[name]));

  it.each(CASES)('%s', async (_name, predicate, holds, fails) => {
    for (const name of holds) expect(predicate(await factsOf(name)), name).toBe(true);
    for (const name of fails) expect(predicate(await factsOf(name)), name).toBe(false);
  });
});

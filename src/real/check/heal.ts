/**
 * The end of a run that goes as it goes: nothing new begins, the probe must get the lock, and the
 * servers are watched until no lease is left or none can be expected to end any more. So leaks and
 * progress are judged as in the simulation (docs/semantics.md, R9, R10).
 */
import { setTimeout as pause } from 'node:timers/promises';
import { healedHorizonUs } from '../../bounds.js';
import { leaseChains } from '../../checkers/lease-chains.js';
import { indexHistory, NONE } from '../../checkers/sections.js';
import type { History } from '../../history.js';
import { type Played, realRunOf } from '../history/judge.js';
import { rebuild } from '../history/rebuild.js';
import type { Stage } from '../stage/stage.js';
import type { FreeRun } from './free-run.js';

/** A release that nobody waits for has been answered by then. */
const QUIET_MS = 50;
/** How much later than its time a server may be seen to have ended a lease. */
const LATER_MS = 10;

export interface Healed {
  readonly healedAtUs: number;
  /** Whether everybody, the probe too, got through. */
  readonly isOver: boolean;
}

/** Heals the world and watches it, for as long as the simulation would at most, or `mostMs`. */
export async function heal(
  stage: Stage,
  free: FreeRun,
  played: Played,
  mostMs = Number.POSITIVE_INFINITY,
): Promise<Healed> {
  const healedAtUs = stage.nowUs();
  const longestUs = healedHorizonUs(played.world, 0, Number.POSITIVE_INFINITY);
  const horizonUs = healedAtUs + Math.min(longestUs, mostMs * 1_000);
  const leftMs = () => Math.max(0, (horizonUs - stage.nowUs()) / 1_000);
  stage.end();
  const isOver = await free.probe(leftMs());
  await pause(Math.min(QUIET_MS, leftMs()));
  for (;;) {
    const endedAtUs = stage.nowUs();
    const heard = { ...free.heard(), records: [...free.records] };
    const { history } = await rebuild(
      realRunOf(played, stage.occasion(healedAtUs, endedAtUs), heard),
      1,
    );
    const waitMs = untilDrainedMs(history) - (stage.nowUs() - endedAtUs) / 1_000;
    if (waitMs <= 0 || leftMs() <= 0) return { healedAtUs, isOver };
    await pause(Math.min(waitMs + LATER_MS, leftMs()));
  }
}

/** How long, from the end of a history, until the last lease of those that end by themselves. */
function untilDrainedMs(history: History): number {
  let latestUs = Number.NEGATIVE_INFINITY;
  for (const { leases, closed } of leaseChains(indexHistory(history))) {
    const { atUs, termUs } = leases.at(-1)!.record;
    if (closed === NONE && typeof termUs === 'number') latestUs = Math.max(latestUs, atUs + termUs);
  }
  return (latestUs - history.endUs) / 1_000;
}

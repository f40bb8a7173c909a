/**
 * Belief: a holder that lost the lock is told in time, and not long before (docs/semantics.md,
 * R11). Push is the signal, judged by how long the host ran on after the loss; pull is
 * `validForMs`, judged by its answers. What a holder could know is what R3 says it could.
 */
import type { ValidityRecord } from '../history.js';
import type { Details, PropertyVerdict } from '../verdict.js';
import { type Checker, notApplicable, valid } from './checker.js';
import { monoUs } from './clocks.js';
import { diedAt, earlier, releaseInvokedAt } from './holding.js';
import { knew } from './knowledge.js';
import { lateNotice } from './notice.js';
import { allowanceOf, isBefore, promisedEnd } from './promised-end.js';
import { calledPosition, type Grant, type HistoryIndex, NONE, positionOf } from './sections.js';

/** What the holder was told wrongly. */
export interface Misbelief {
  readonly cause: 'late-push' | 'late-pull' | 'early';
  readonly grant: Grant;
  /** From when on it is wrong: the last instant to tell, the answer, the notice. */
  readonly atUs: number;
  readonly witness: readonly number[];
  readonly details: Details;
}

/**
 * Judges the grants that offer a signal or a validity. The earliest misbelief of the run is
 * reported; at one instant, in the order late push, late pull, early. Edges the rule leaves open:
 * a grant without a quorum of leases had to be told at once; the time before the acquire returned
 * does not count, nor does anything from the call of release on; `guardMs` is capped at half the
 * TTL, and any delivered message that says lost, from whichever server, excuses an early notice.
 */
export const belief: Checker = {
  property: 'belief',
  check(index: HistoryIndex): PropertyVerdict {
    let applicable = false;
    let first: Misbelief | undefined;
    let misbeliefs = 0;
    for (const grant of index.grants) {
      const { completion } = grant.acquire;
      if (completion?.push !== true && completion?.pull !== true) continue;
      applicable = true;
      const calmMonoUs = calmUntil(index, grant);
      const latePush = completion.push === true ? latePushOf(index, grant, calmMonoUs) : undefined;
      for (const found of [latePush, latePull(index, grant, calmMonoUs), early(index, grant)]) {
        if (found === undefined) continue;
        misbeliefs++;
        if (first === undefined || found.atUs < first.atUs) first = found;
      }
    }
    if (first !== undefined) return verdictOf(first, misbeliefs);
    if (applicable) return valid('belief');
    const reason = 'no grant offered a signal or a validity';
    return notApplicable('belief', reason);
  },
};

/**
 * A reading of the holder's monotonic clock before which it cannot have known that its grant was
 * over, unless it was told or has released: no lease of the grant has run out, and nothing said
 * lost. Most grants end before, and need no closer look.
 */
function calmUntil(index: HistoryIndex, grant: Grant): number {
  const granted = promisedEnd(index, grant, positionOf(index, grant.acquire.completed));
  if (granted.lease === undefined || grant.losses.length > 0) return -Infinity;
  let soonestUs = Infinity;
  for (const lease of grant.leases) {
    const { termUs, sentAtUs } = lease.record;
    if (typeof termUs !== 'number') continue;
    const endUs = monoUs(index, grant.client, sentAtUs) + termUs - allowanceOf(index, lease);
    soonestUs = Math.min(soonestUs, endUs);
  }
  return soonestUs;
}

/** A notice that came late, of a grant that was believed in for longer than the calm lasted. */
function latePushOf(index: HistoryIndex, grant: Grant, calmMonoUs: number): Misbelief | undefined {
  const over = endOfBelief(index, grant);
  const untilUs = over === NONE ? index.history.endUs : index.records[over]!.atUs;
  const wasCalm = monoUs(index, grant.client, untilUs) < calmMonoUs;
  return wasCalm ? undefined : lateNotice(index, grant, over);
}

/** Index of the record from which on nobody has to be told: told, released, or dead. */
function endOfBelief(index: HistoryIndex, grant: Grant): number {
  const left = earlier(releaseInvokedAt(grant), grant.releaseSent);
  return earlier(earlier(grant.told, left), diedAt(index, grant.client, grant.incarnation));
}

/** The first check that answered "valid" although the holder could know better. */
function latePull(index: HistoryIndex, grant: Grant, calmMonoUs: number): Misbelief | undefined {
  for (const at of grant.validities) {
    const { validForMs, atUs } = index.records[at] as ValidityRecord;
    if (validForMs <= 0) continue;
    const called = calledPosition(index, at);
    const over = isBefore(grant.told, called.before) || isBefore(grant.releaseSent, called.before);
    if (!over && monoUs(index, grant.client, called.atUs) < calmMonoUs) continue;
    const knewBy = knew(index, grant, called);
    if (knewBy === undefined) continue;
    const { completed } = grant.acquire;
    const details = { validForMs, knewBy };
    return { cause: 'late-pull', grant, atUs, witness: [completed, at], details };
  }
  return undefined;
}

/** A notice long before the local deadline, with nothing heard and the lease still there. */
function early(index: HistoryIndex, grant: Grant): Misbelief | undefined {
  const { told, losses, client } = grant;
  if (told === NONE || isBefore(releaseInvokedAt(grant), told)) return undefined;
  if (losses.some((loss) => isBefore(loss, told))) return undefined;
  const position = positionOf(index, told);
  const { lease, allowanceUs } = promisedEnd(index, grant, position);
  if (lease === undefined || !hasQuorum(index, grant, told)) return undefined;
  const { termUs, sentAtUs } = lease.record;
  const elapsedUs = monoUs(index, client, position.atUs) - monoUs(index, client, sentAtUs);
  const leftUs = typeof termUs === 'number' ? termUs - allowanceUs - elapsedUs : Infinity;
  const guardUs = guardOf(index);
  if (leftUs <= guardUs) return undefined;
  const details = { leftUs, guardUs };
  return { cause: 'early', grant, atUs: position.atUs, witness: [lease.applied, told], details };
}

/** Whether so many servers still had the grant's lease at a position. */
function hasQuorum(index: HistoryIndex, grant: Grant, before: number): boolean {
  const servers = new Set<string>();
  for (const { record, applied, ended } of grant.leases) {
    if (!isBefore(applied, before)) break;
    if (isBefore(ended, before)) servers.delete(record.server);
    else servers.add(record.server);
  }
  return servers.size >= index.quorum;
}

/** How long before the local deadline a holder may be told (R11). */
function guardOf(index: HistoryIndex): number {
  const { declares, ttlMs } = index.history.world;
  return Math.min(declares.guardMs ?? 0.1 * ttlMs, 0.5 * ttlMs) * 1000;
}

function verdictOf(found: Misbelief, misbeliefs: number): PropertyVerdict {
  const { cause, grant, atUs, witness, details } = found;
  return {
    property: 'belief',
    verdict: 'invalid',
    cause,
    witness,
    offender: { host: grant.client, operation: grant.operation },
    details: { ...details, atUs, misbeliefs },
  };
}

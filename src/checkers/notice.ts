/**
 * Whether a holder was told of a loss in time by its signal: docs/semantics.md, R11, *late* push.
 * The lock gets `noticeMs` of running time, counted from the loss or from the end of the pause in
 * which the holder slept through it.
 */
import type { Misbelief } from './belief.js';
import { monoUs } from './clocks.js';
import { pausesOf, type Stillness } from './holding.js';
import { lossDelivered } from './knowledge.js';
import { isBefore, promisedEnd } from './promised-end.js';
import { type Grant, type HistoryIndex, NONE } from './sections.js';

const DEFAULT_NOTICE_MS = 1;

/** A stretch of the holding in which nothing that decides the loss was delivered. */
interface Stretch {
  /** Index of the record that begins it: the grant, an acknowledgement or a loss. */
  readonly begins: number;
  readonly fromUs: number;
  readonly untilUs: number;
}

/**
 * Finds the first instant at which the host had run for longer than the notice since the loss,
 * and the grant was neither released nor told. The loss is the local deadline or the delivery of
 * a message that says lost, whichever is earlier, as they stand at that instant: a renewal that
 * is confirmed late moves the deadline on, but excuses nothing that was overdue before.
 *
 * @param over index of the record from which on nobody has to be told; `NONE` if there is none.
 */
export function lateNotice(index: HistoryIndex, grant: Grant, over: number): Misbelief | undefined {
  const { declares } = index.history.world;
  const noticeUs = (declares.noticeMs ?? DEFAULT_NOTICE_MS) * 1000;
  const fromUs = index.records[grant.acquire.completed]!.atUs;
  const untilUs = over === NONE ? index.history.endUs : index.records[over]!.atUs;
  const pauses = pausesOf(index, grant.client, fromUs, untilUs);
  let messageUs = Infinity;
  for (const stretch of stretches(index, grant, over, untilUs)) {
    const { begins } = stretch;
    if (!lossDelivered(index, grant, begins + 1)) messageUs = Infinity;
    else messageUs = Math.min(messageUs, stretch.fromUs);
    const deadlineUs = localDeadlineUs(index, grant, begins + 1, stretch);
    const lostUs = Math.max(Math.min(deadlineUs, messageUs), fromUs);
    const dueUs = overdueIn(stretch, lostUs, noticeUs, pauses);
    if (dueUs === undefined) continue;
    const witness = [...new Set([grant.acquire.completed, begins])];
    if (over !== NONE) witness.push(over);
    const details = {
      lostAtUs: lostUs,
      noticeUs,
      by: messageUs <= deadlineUs ? 'message' : 'clock',
    };
    return { cause: 'late-push', grant, atUs: dueUs, witness, details };
  }
  return undefined;
}

/**
 * Cuts the time of belief where an acknowledgement or a loss was delivered. What was delivered
 * before the grant makes stretches that are too early to matter.
 */
function stretches(index: HistoryIndex, grant: Grant, over: number, untilUs: number): Stretch[] {
  const { completed } = grant.acquire;
  const last = over === NONE ? index.records.length : over;
  const cuts = [completed];
  for (const { acked } of grant.leases) if (isBefore(acked, last)) cuts.push(acked);
  for (const at of grant.losses) if (isBefore(at, last)) cuts.push(at);
  cuts.sort((a, b) => a - b);
  return cuts.map((begins, i) => {
    const next = cuts[i + 1];
    return {
      begins,
      fromUs: index.records[begins]!.atUs,
      untilUs: next === undefined ? untilUs : index.records[next]!.atUs,
    };
  });
}

/**
 * World time at which the host's monotonic clock reaches the local deadline, if it does before the
 * stretch ends, else `Infinity`; `-Infinity` for a grant without a quorum of leases.
 */
function localDeadlineUs(
  index: HistoryIndex,
  grant: Grant,
  before: number,
  { fromUs, untilUs }: Stretch,
): number {
  const { lease, allowanceUs } = promisedEnd(index, grant, { atUs: fromUs, before });
  if (lease === undefined) return -Infinity;
  const { termUs, sentAtUs } = lease.record;
  if (typeof termUs !== 'number') return Infinity;
  const { client } = grant;
  const deadlineMonoUs = monoUs(index, client, sentAtUs) + termUs - allowanceUs;
  if (monoUs(index, client, untilUs) < deadlineMonoUs) return Infinity;
  let low = sentAtUs;
  let high = untilUs;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (monoUs(index, client, middle) >= deadlineMonoUs) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The first instant of a stretch at which the host has run for the notice since the loss. The host
 * must run on in the stretch: what is told, or sleeps, at the instant of the delivery is in time.
 */
function overdueIn(
  { fromUs, untilUs }: Stretch,
  lostUs: number,
  noticeUs: number,
  pauses: readonly Stillness[],
): number | undefined {
  let runningUs = lostUs;
  for (let at = 0; at <= pauses.length; at++) {
    // The end of the stretch stops it like a pause.
    const pause = pauses[at] ?? { fromUs: untilUs, untilUs };
    const stopsUs = Math.min(pause.fromUs, untilUs);
    if (stopsUs > fromUs && stopsUs - runningUs > noticeUs) {
      return Math.max(runningUs + noticeUs, fromUs);
    }
    runningUs = Math.max(pause.untilUs, runningUs);
  }
  return undefined;
}

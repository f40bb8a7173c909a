/**
 * How a grant came about and what its holder could know, in sentences: why the servers let a second
 * client in, and by what the first could have learned that its own grant was over.
 */
import { monoUs } from '../../checkers/clocks.js';
import type { Knowledge } from '../../checkers/knowledge.js';
import { promisedEnd } from '../../checkers/promised-end.js';
import { type Grant, type Lease, NONE, type Position } from '../../checkers/sections.js';
import type { HostId } from '../../fault.js';
import type { ValidityRecord } from '../../history.js';
import { instant, list, span, term } from '../words.js';
import { grantedAtUs, lossClauses, toldClause } from './clauses.js';
import type { Tale } from './tale.js';
import { tellUnanswered, unansweredLeases } from './unanswered.js';
import { wallSteps } from './wall-clocks.js';

/** Why the servers granted the lock to the second client, given the fate of the first's leases. */
export function tellSecondGrant(
  tale: Tale,
  first: Grant,
  second: Grant,
  names: readonly [string, string],
): string {
  const { records } = tale.index;
  const before = second.enter === NONE ? records.length : second.enter;
  const servers = [...grantingServers(second, before)];
  const state = (server: HostId, { applied, record }: Lease) => {
    const here = first.leases.filter((lease) => lease.record.server === server);
    // Who has a key of its own stood in a queue, and was granted when its turn came.
    const asked = here[0]?.record.key === record.key ? applied : before;
    const last = here.findLast((lease) => lease.applied < asked);
    if (last === undefined) return 'never';
    return last.end !== undefined && last.ended < asked ? 'gone' : 'stands';
  };
  const which = (wanted: 'never' | 'gone' | 'stands') =>
    servers.filter(([server, lease]) => state(server, lease) === wanted).map(([name]) => name);
  const reason = reasonOf(first, which('gone'), which('never'), which('stands'));
  const granted = instant(grantedAtUs(tale, second));
  const entered = second.enter === NONE ? granted : instant(records[second.enter]!.atUs);
  if (entered === granted) {
    const did = second.enter === NONE ? 'was granted the lock' : 'was granted the lock and entered';
    return `${names[1]} ${did} at ${granted}, ${reason}.`;
  }
  return `${names[1]} was granted the lock at ${granted}, ${reason}, and entered at ${entered}.`;
}

/** Why servers granted: those that no longer had the first's lease, never had one, still had it. */
function reasonOf(first: Grant, gone: HostId[], never: HostId[], stands: HostId[]): string {
  if (gone.length + never.length + stands.length === 0) return 'although no server had agreed';
  const session = first.leases[0]?.record.termUs === 'session';
  if (never.length + stands.length === 0) {
    if (session) return 'because the lock was free';
    return gone.length > 1 ? 'because the keys were gone' : 'because the key was gone';
  }
  const reasons: string[] = [];
  const whose = `of ${first.client}`;
  if (gone.length > 0) reasons.push(`${list(gone)} no longer had the key ${whose}`);
  if (never.length > 0) reasons.push(`${list(never)} never had a key ${whose}`);
  if (stands.length > 0) {
    reasons.push(`${list(stands)} still had the lease ${whose} and granted the lock all the same`);
  }
  return `because ${list(reasons)}`;
}

/** The servers whose leases made a grant, and the first lease at each. */
function grantingServers(grant: Grant, before: number): Map<HostId, Lease> {
  const servers = new Map<HostId, Lease>();
  for (const lease of grant.leases) {
    const { record, applied, acked } = lease;
    const counted = applied < before && acked !== NONE && acked < before;
    if (counted && !servers.has(record.server)) servers.set(record.server, lease);
  }
  return servers;
}

/** How the holder could have known, at a position, that its grant was over (R3). */
export function tellKnowledge(
  tale: Tale,
  grant: Grant,
  name: string,
  knewBy: Knowledge,
  called: Position,
): string {
  switch (knewBy) {
    case 'told':
      return `${name} had been told: ${toldClause(tale, grant)}.`;
    case 'release-sent': {
      const sentAtUs = tale.index.records[grant.releaseSent]!.atUs;
      return `${name} had given the lock back itself: its release left at ${instant(sentAtUs)}.`;
    }
    case 'loss-delivered': {
      const loss = grant.losses.findLast((at) => at < called.before)!;
      return `${name} could have known: ${lossClauses(tale, grant, loss).why}.`;
    }
    case 'no-quorum': {
      const { servers } = tale.index.history.world;
      const held = grantingServers(grant, called.before).size;
      const counted =
        servers.length === 1
          ? `${name} could have known: no reply of ${servers[0]} had given it the lock.`
          : `${name} could have known: it counted itself as holder with ` +
            `${held} of ${servers.length} leases, and ${tale.index.quorum} make the lock.`;
      const silent = unansweredLeases(tale.index, grant, called.before);
      return silent.length === 0 ? counted : tellUnanswered(silent, name).join(' ');
    }
    case 'clock':
      return tellClock(tale, grant, name, called);
  }
}

function tellClock(tale: Tale, grant: Grant, name: string, called: Position): string {
  const { lease, allowanceUs } = promisedEnd(tale.index, grant, called);
  if (lease === undefined) return `${name} could have known.`;
  const { sentAtUs, termUs } = lease.record;
  const elapsedUs =
    monoUs(tale.index, grant.client, called.atUs) - monoUs(tale.index, grant.client, sentAtUs);
  const less = allowanceUs === 0 ? '' : ` less ${span(allowanceUs)} for drift`;
  const step = wallSteps(tale, grant.client, sentAtUs, called.atUs);
  const wall =
    step === undefined || step.byUs >= 0
      ? ''
      : ` Its wall clock had been set back by ${instant(-step.byUs)} at ` +
        `${instant(step.atUs)}; the monotonic clock does not step.`;
  return (
    `${name} could have known: by its own monotonic clock ${instant(elapsedUs)} had passed since ` +
    `it asked for the lease at ${instant(sentAtUs)}, which lasts ${term(termUs)}${less}.${wall}`
  );
}

/** That a holder had just looked at what was left, if it had. */
export function lastLook(tale: Tale, grant: Grant, beforeUs: number): string | undefined {
  let words: string | undefined;
  for (const at of grant.validities) {
    const { atUs, validForMs } = tale.index.records[at] as ValidityRecord;
    if (atUs > beforeUs) break;
    const leftUs = Math.round(validForMs * 1000);
    words = `it had looked at ${instant(atUs)}, and ${instant(leftUs)} were left`;
  }
  return words;
}

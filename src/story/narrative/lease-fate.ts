/**
 * What became of a grant's leases at the servers, and why: they ran out, or a clock was moved, a
 * crash or failover forgot them, or somebody's request ended them.
 */

import type { Grant, Lease } from '../../checkers/sections.js';
import type { HostId } from '../../fault.js';
import type { LeaseEndRecord } from '../../history.js';
import { serviceOf } from '../../service.js';
import { capital, instant, list, rate, term } from '../words.js';
import { latestFault, of, onServers } from './clauses.js';
import type { Tale } from './tale.js';
import { CLOCKS_HELP, LEAST_STEP_US, readingAt, tellWrongClock } from './wall-clocks.js';

/** The same thing that happened to a grant's leases on some servers. */
export interface Fate {
  readonly servers: readonly HostId[];
  readonly cause: LeaseEndRecord['cause'] | 'stands';
  /** When the first and the last of them ended. */
  readonly fromUs: number;
  readonly untilUs: number;
  readonly by: LeaseEndRecord['by'];
  /** Why the server ended or lost it, if it was before its time. */
  readonly because: string | undefined;
  /** What would have kept the server from ending it before its time, if anything is known. */
  readonly help: string | undefined;
  /** One of them, for its term. */
  readonly lease: Lease;
}

/** What had become of the latest lease of a grant at each server; alike ones together. */
export function fatesOf(tale: Tale, grant: Grant, before: number): Fate[] {
  const latest = new Map<HostId, Lease>();
  for (const lease of grant.leases) {
    if (lease.applied < before) latest.set(lease.record.server, lease);
  }
  const fates = new Map<string, Fate>();
  for (const [server, lease] of latest) {
    const fate = fateOf(tale, server, lease, before);
    const alike = `${fate.cause} ${fate.by?.operation} ${fate.because?.replaceAll(server, '')}`;
    const known = fates.get(alike);
    fates.set(alike, known === undefined ? fate : joined(known, fate));
  }
  return [...fates.values()].sort((a, b) => a.fromUs - b.fromUs);
}

function joined(a: Fate, b: Fate): Fate {
  return {
    ...a,
    servers: [...a.servers, ...b.servers],
    fromUs: Math.min(a.fromUs, b.fromUs),
    untilUs: Math.max(a.untilUs, b.untilUs),
  };
}

function fateOf(tale: Tale, server: HostId, lease: Lease, before: number): Fate {
  const { end, ended, record } = lease;
  const servers = [server];
  const nothing = { by: undefined, because: undefined, help: undefined } as const;
  if (end === undefined || ended >= before) {
    return { servers, cause: 'stands', ...nothing, fromUs: Infinity, untilUs: Infinity, lease };
  }
  const { cause, by, atUs } = end;
  const fate: Fate = { servers, cause, ...nothing, by, fromUs: atUs, untilUs: atUs, lease };
  if (by !== undefined && by.operation !== record.operation) {
    const wrong = tellWrongClock(tale, lease, by.host, atUs);
    return wrong === undefined ? fate : { ...fate, ...wrong };
  }
  if (cause === 'lost') return { ...fate, because: forgotten(tale, server, atUs) };
  if (cause !== 'expired' || !isEarly(lease, atUs)) return fate;
  const { atUs: fromUs } = record;
  const ofClock = clockReason(tale, server, fromUs, atUs);
  if (ofClock !== undefined) return { ...fate, because: ofClock, help: CLOCKS_HELP };
  const ofLeader = leaderReason(tale, server, atUs);
  return ofLeader === undefined ? fate : { ...fate, because: ofLeader, help: LEADERS_HELP };
}

/** etcd-io/etcd#16822. */
const LEADERS_HELP =
  'etcd 3.4.31, 3.5.13 or later, where a leader that was replaced neither renews nor revokes';

/** Whether a lease ended before the term that was asked for had passed. */
function isEarly({ record }: Lease, endedUs: number): boolean {
  return typeof record.termUs === 'number' && endedUs < record.sentAtUs + record.termUs;
}

/** Why a server forgot a key, as far as its faults tell. */
function forgotten(tale: Tale, server: HostId, atUs: number): string | undefined {
  const found = latestFault(tale, ['server-crash', 'failover'], server, atUs);
  if (found === undefined) return undefined;
  const { fault } = found;
  if (fault.class === 'failover') {
    const replica =
      serviceOf(server) === 'postgres' ? 'its standby' : `its replica ${fault.replica}`;
    return (
      `${server} was replaced at ${instant(found.atUs)} by ${replica}, which did not have ` +
      'the key'
    );
  }
  const plan = tale.trace.scenario.servers.find(({ id }) => id === server);
  const kept = plan === undefined ? '' : ` (persistence ${plan.persistence})`;
  return `${server} crashed at ${instant(found.atUs)} and came back without the key${kept}`;
}

/** How a server's wall clock ran ahead while it held a lease: by a step, or by drift. */
function clockReason(
  tale: Tale,
  server: HostId,
  fromUs: number,
  untilUs: number,
): string | undefined {
  const segments = tale.wallClocks.get(server) ?? [];
  let fastest: number | undefined;
  let reason: string | undefined;
  segments.forEach((segment, at) => {
    if (segment.atUs > untilUs) return;
    const next = segments[at + 1];
    const inForce = next === undefined || next.atUs > fromUs;
    const byUs = segment.localUs - readingAt(segments, segment.atUs, at);
    if (segment.atUs >= fromUs && byUs >= LEAST_STEP_US) {
      const stepped = `stepped by ${instant(byUs)} at ${instant(segment.atUs)}`;
      reason = `the wall clock of ${server}, by which keys expire, was ${stepped}`;
    }
    if (inForce && segment.ratePpm > (fastest ?? 0)) fastest = segment.ratePpm;
  });
  if (reason !== undefined || fastest === undefined) return reason;
  return `the clock of ${server} ran ${rate(fastest)} fast`;
}

/**
 * How a cluster ended a lease that its client had renewed. A leader that nobody heard any more kept
 * it alive, which counted no more; or one that stalled saw it expire, for it did not hear of the
 * renewals, and had it revoked when it came back (etcd-io/etcd#15247).
 */
function leaderReason(tale: Tale, server: HostId, atUs: number): string | undefined {
  const found = latestFault(tale, ['failover'], server, atUs);
  if (found === undefined || serviceOf(server) !== 'etcd') return undefined;
  const { fault } = found;
  const replica = fault.class === 'failover' ? fault.replica : 1;
  if (replica !== 2 && replica !== 3) return undefined;
  const since = instant(found.atUs);
  const isBack = tale.index.records.some(
    (one) =>
      one.type === 'fault' && one.fault === fault.id && one.edge === 'end' && one.atUs <= atUs,
  );
  if (replica === 3 && isBack) {
    return (
      `the leader of ${server}, stalled since ${since}, came back and had it revoked, for it had ` +
      'not heard of the renewals'
    );
  }
  const what = replica === 2 ? 'was cut off from the other members' : 'stalled';
  return (
    `the leader of ${server} ${what} at ${since}, and renewals that it answered counted for ` +
    'nothing where another one led'
  );
}

/** One sentence about a fate of the leases of `name`. */
export function tellFate(tale: Tale, name: string, fate: Fate): string {
  const { cause, fromUs, servers, by, because, lease } = fate;
  const on = onServers(tale, servers);
  const when = whenEnded(fate);
  const whose = of(name);
  switch (cause) {
    case 'stands':
      return `${capital(whose)} lease still stood${on}.`;
    case 'expired': {
      if (because === undefined) {
        const over = isEarly(lease, fromUs)
          ? 'before its time'
          : `its ${term(lease.record.termUs)} were over`;
        return `${capital(whose)} lease ended ${when}${on}: ${over}.`;
      }
      return `${capital(whose)} lease ended ${when}${on}, before its time: ${because}.`;
    }
    case 'lost':
      return because === undefined
        ? `${list(servers)} lost ${whose} lease ${when}.`
        : `${capital(whose)} lease was lost ${when}${on}: ${because}.`;
    case 'session':
      return `${capital(whose)} session ended ${when}${on}.`;
    case 'released':
    case 'deleted':
    case 'overwritten': {
      const verb = { released: 'released', deleted: 'deleted', overwritten: 'overwrote' }[cause];
      if (by === undefined) return `Somebody ${verb} ${whose} lease ${when}${on}.`;
      if (by.operation === lease.record.operation) return `${name} ${verb} its lease ${when}${on}.`;
      const why = because === undefined ? '' : `: ${because}`;
      return `${by.host} (operation ${by.operation}) ${verb} ${whose} lease ${when}${on}${why}.`;
    }
  }
}

function whenEnded({ fromUs, untilUs }: Fate): string {
  if (fromUs === untilUs) return `at ${instant(fromUs)}`;
  return `from ${instant(fromUs)} to ${instant(untilUs)}`;
}

/** Why a lease stayed behind with nobody to end it (docs/semantics.md, R9). */
import { diedAt } from '../../checkers/holding.js';
import { leaseChains, ownerOf } from '../../checkers/lease-chains.js';
import { type Lease, NONE } from '../../checkers/sections.js';
import type { CompleteRecord, LeaseRecord, RequestRecord } from '../../history.js';
import type { PropertyVerdict } from '../../verdict.js';
import { reasonOf } from '../reasons.js';
import { instant, list, term } from '../words.js';
import { atOnceAt, grantOf, numberIn } from './clauses.js';
import { helpForExtended } from './kept-waiting.js';
import type { Narrator, Tale } from './tale.js';

export const leak: Narrator = (tale, verdict) => {
  const { offender } = verdict;
  const name = offender?.host ?? 'somebody';
  return [
    tellOrphan(tale, verdict, name),
    ...tellBesides(tale, verdict),
    ...tellStay(tale, verdict, name),
    verdict.class === 'for-ever' ? helpForEver(tale, verdict) : helpUntilTtl(tale, verdict),
  ];
};

/** What orphaned the lease; a client that died in the middle of a call died first of all. */
function orphanedBy(tale: Tale, verdict: PropertyVerdict): string {
  const { offender, details, cause } = verdict;
  const grant = grantOf(tale, offender);
  if (grant !== undefined && diedAt(tale.index, grant.client, grant.incarnation) !== NONE) {
    return 'client-died';
  }
  return String(details?.['orphanedBy'] ?? cause ?? '');
}

/** From when on nobody stood behind the lease, and why. */
function tellOrphan(tale: Tale, verdict: PropertyVerdict, name: string): string {
  const fromUs = numberIn(verdict, 'orphanedAtUs') ?? 0;
  const server = String(verdict.details?.['server'] ?? 'the server');
  const from = instant(fromUs);
  switch (orphanedBy(tale, verdict)) {
    case 'client-died': {
      const diedUs = deathUs(tale, verdict) ?? fromUs;
      if (diedUs >= fromUs) return `${name} died at ${from}, and its lease on ${server} stayed.`;
      return (
        `${name} died at ${instant(diedUs)}; a request it had sent before made a lease on ` +
        `${server} at ${from}.`
      );
    }
    case 'told':
      return (
        `From ${from} on ${name} counted the lock as lost and left it alone, but its lease ` +
        `on ${server} stood.`
      );
    case 'released': {
      const how = howItEnded(tale, verdict, 'release');
      return (
        `${name} gave the lock back (its release ${how}), but its lease on ${server} ` +
        `${isBack(tale, verdict) ? 'was there again' : 'stood'} from ${from} on.`
      );
    }
    default: {
      const how = howItEnded(tale, verdict, 'acquire');
      return (
        `${name} did not get the lock (its acquire ${how}), but one of its requests had ` +
        `made, or later made, a lease on ${server}; from ${from} on nobody stood behind it.`
      );
    }
  }
}

function deathUs(tale: Tale, { offender }: PropertyVerdict): number | undefined {
  const grant = grantOf(tale, offender);
  if (grant === undefined) return undefined;
  const died = diedAt(tale.index, grant.client, grant.incarnation);
  return died === NONE ? undefined : tale.index.records[died]!.atUs;
}

function howItEnded(tale: Tale, verdict: PropertyVerdict, action: 'acquire' | 'release'): string {
  const records = verdict.witness.map((at) => tale.index.records[at]!);
  const ended = records.find(
    (record): record is CompleteRecord | RequestRecord =>
      'action' in record && record.action === action,
  );
  if (ended === undefined) return 'ended';
  if (ended.type === 'request') return `reached ${ended.server} at ${instant(ended.atUs)}`;
  const words = { ok: 'answered ok', fail: 'failed', info: 'ended without an answer' }[ended.type];
  const reason = reasonOf(ended);
  const because = reason === undefined ? '' : `: ${reason}`;
  return `${words} at ${instant(ended.atUs)}${because}`;
}

/** How long it stood, and what ended it, or why nothing will. */
function tellStay(tale: Tale, verdict: PropertyVerdict, name: string): string[] {
  const lengthUs = numberIn(verdict, 'lengthUs') ?? 0;
  const fromUs = numberIn(verdict, 'orphanedAtUs') ?? 0;
  const leases = verdict.witness
    .map((at) => tale.index.records[at]!)
    .filter((record): record is LeaseRecord => record.type === 'lease');
  const last = leases.at(-1);
  const asked = last === undefined ? '' : term(askedFor(tale, last));
  switch (verdict.class === 'for-ever' ? verdict.cause : 'until-ttl') {
    case 'no-term':
      return tellWithoutTtl(verdict, fromUs + lengthUs);
    case 'extended': {
      const host = last?.host ?? name;
      const what =
        host === name
          ? `something of ${name} still renews a lock that nobody holds`
          : `${host} renews without a look at whose the key is`;
      return [
        `At ${instant(last?.atUs ?? fromUs)} a request of ${host} extended it all the same: ` +
          `${what}.`,
      ];
    }
    case 'outlived':
      return [
        `It was still there ${instant(lengthUs)} later, twice its TTL and more; nobody ` +
          'else gets the lock.',
      ];
    default: {
      const ended = verdict.details?.['ended'] === true;
      const until = ended ? `until ${instant(fromUs + lengthUs)}` : 'to the end of the run';
      const isSession = last?.termUs === 'session';
      const what = isSession ? 'it lasts' : 'its TTL is';
      const how = asked === '' ? '' : ` (${what} ${asked})`;
      return [
        `It ${whomItKeptOut(tale, verdict)} ${until}, ${instant(lengthUs)} for nothing${how}.`,
      ];
    }
  }
}

/** Without a TTL: what ended it all the same, or that nothing will. */
function tellWithoutTtl({ details }: PropertyVerdict, endedUs: number): string[] {
  if (details?.['ended'] !== true) {
    return [
      'The key has no TTL, so the server never ends it by itself: until somebody removes it, or ' +
        'takes it over, nobody else gets the lock.',
    ];
  }
  const server = String(details['server']);
  return [
    `The key has no TTL: that ${server} lost it at ${instant(endedUs)} is all that ended it; ` +
      'otherwise it stands until somebody removes it, or takes it over.',
  ];
}

/** Whom the lease kept out of what. */
function whomItKeptOut(tale: Tale, verdict: PropertyVerdict): string {
  const { servers, declares } = tale.index.history.world;
  const server = String(verdict.details?.['server'] ?? 'the server');
  if (servers.length > 1) return `kept ${server} from everybody else`;
  const { permits = 1 } = declares;
  return permits > 1 ? `took one of ${permits} permits` : 'kept everybody out';
}

/** The lease that the witness tells of, as it was made. */
function leaseOf({ index }: Tale, { witness }: PropertyVerdict): Lease | undefined {
  const isWitness = ({ applied }: Lease) => witness.includes(applied);
  return leaseChains(index).find(({ leases }) => leases.some(isWitness))?.leases[0];
}

/** Whether a server had lost it, or seen it given back, and has it once more. */
function isBack(tale: Tale, verdict: PropertyVerdict): boolean {
  const lease = leaseOf(tale, verdict);
  return lease !== undefined && earlierOf(tale, lease.record) !== undefined;
}

/** The record of the same request that the server made first. */
function earlierOf(tale: Tale, { server, host, sentAtUs, atUs }: LeaseRecord) {
  return tale.index.leases.find(
    ({ record }) =>
      record.server === server &&
      record.host === host &&
      record.sentAtUs === sentAtUs &&
      record.atUs < atUs,
  );
}

/** Of a lease that is back the record tells what is left of its term. */
function askedFor(tale: Tale, record: LeaseRecord): LeaseRecord['termUs'] {
  return (earlierOf(tale, record)?.record ?? record).termUs;
}

/** On which other servers the same operation left a lease behind. */
function tellBesides(tale: Tale, { offender, details }: PropertyVerdict): string[] {
  const fromUs = Number(details?.['orphanedAtUs'] ?? 0);
  const operation = offender?.operation;
  const left = new Set<string>();
  for (const { leases, closed, end } of leaseChains(tale.index)) {
    const { record } = leases[0]!;
    const isOwn = ownerOf(leases[0]!).operation === operation && end?.by === undefined;
    const stood = closed === NONE || tale.index.records[closed]!.atUs > fromUs;
    if (isOwn && stood && record.server !== details?.['server']) left.add(record.server);
  }
  if (left.size === 0) return [];
  const servers = tale.index.history.world.servers.filter((server) => left.has(server));
  return [`It left one on ${list(servers)} as well.`];
}

function isOfSession({ index }: Tale, { witness }: PropertyVerdict): boolean {
  return witness.some((at) => {
    const record = index.records[at]!;
    return record.type === 'lease' && record.termUs === 'session';
  });
}

function helpUntilTtl(tale: Tale, verdict: PropertyVerdict): string {
  if (isOfSession(tale, verdict)) return helpUntilSessionEnds(tale, verdict);
  if (orphanedBy(tale, verdict) === 'client-died') {
    return (
      'The TTL is there for this. What helps: a shorter TTL with renewal makes the wait shorter; ' +
      'only a service that notices the death can end it sooner.'
    );
  }
  if (orphanedBy(tale, verdict) === 'released' && isBack(tale, verdict)) {
    return (
      'What helps: a server that has each change on disk, and on its replicas, before it ' +
      'answers; the TTL is there for what comes back all the same.'
    );
  }
  const where =
    tale.index.history.world.servers.length > 1
      ? 'release on every server that was ever asked, also where the answer was no or none'
      : 'release also after an acquire that was refused or not answered';
  return `What helps: ${where}, and try again when the release is not answered.`;
}

function helpUntilSessionEnds(tale: Tale, verdict: PropertyVerdict): string {
  if (orphanedBy(tale, verdict) === 'client-died') {
    return (
      'Only the server can end it, when it finds out that the client is gone. What helps: it ' +
      'finds out sooner with a shorter tcp_user_timeout or tcp_keepalives_idle.'
    );
  }
  return (
    'What helps: unlock on the session that took the lock, which a pooler in transaction mode ' +
    'keeps for nobody, and close a connection that has not answered.'
  );
}

function helpForEver(tale: Tale, verdict: PropertyVerdict): string {
  const { cause, details, witness, offender } = verdict;
  if (cause === 'no-term') {
    return (
      'What helps: set key and TTL in one command (SET key owner NX PX 10000), so that no ' +
      'crash falls between them.'
    );
  }
  const isForeign = witness.some((at) => {
    const record = tale.index.records[at]!;
    return record.type === 'lease' && record.host !== offender?.host;
  });
  if (cause === 'extended' && isForeign) {
    return (
      'What helps: renew a key only if it still holds your own owner id, in one ' +
      `${atOnceAt(tale)}.`
    );
  }
  return helpForExtended(String(details?.['server'] ?? ''));
}

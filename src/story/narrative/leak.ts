/** Why a lease stayed behind with nobody to end it (docs/semantics.md, R9). */
import { diedAt } from '../../checkers/holding.js';
import { NONE } from '../../checkers/sections.js';
import type { CompleteRecord, LeaseRecord, RequestRecord } from '../../history.js';
import type { PropertyVerdict } from '../../verdict.js';
import { reasonOf } from '../reasons.js';
import { instant, term } from '../words.js';
import { grantOf, numberIn } from './clauses.js';
import { helpForExtended } from './kept-waiting.js';
import type { Narrator, Tale } from './tale.js';

export const leak: Narrator = (tale, verdict) => {
  const { offender } = verdict;
  const name = offender?.host ?? 'somebody';
  return [
    tellOrphan(tale, verdict, name),
    ...tellStay(tale, verdict, name),
    verdict.class === 'for-ever' ? helpForEver(verdict) : helpUntilTtl(tale, verdict),
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
        `${name} gave the lock back (its release ${how}), but its lease on ${server} stood ` +
        `from ${from} on.`
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
  const asked = last === undefined ? '' : term(last.termUs);
  switch (verdict.class === 'for-ever' ? verdict.cause : 'until-ttl') {
    case 'no-term':
      return [
        'The key has no TTL, so it stands until somebody removes it by hand; nobody else ' +
          'gets the lock.',
      ];
    case 'extended':
      return [
        `At ${instant(last?.atUs ?? fromUs)} a request of ${last?.host ?? name} extended ` +
          `it all the same: something of ${name} still renews a lock that nobody holds.`,
      ];
    case 'outlived':
      return [
        `It was still there ${instant(lengthUs)} later, twice its TTL and more; nobody ` +
          'else gets the lock.',
      ];
    default: {
      const ended = verdict.details?.['ended'] === true;
      const until = ended ? `until ${instant(fromUs + lengthUs)}` : 'to the end of the run';
      const several = tale.index.history.world.servers.length > 1;
      const server = String(verdict.details?.['server'] ?? 'the server');
      const out = several ? `kept ${server} from everybody else` : 'kept everybody out';
      const isSession = last?.termUs === 'session';
      const what = isSession ? 'it lasts' : 'its TTL is';
      const how = asked === '' ? '' : ` (${what} ${asked})`;
      return [`It ${out} ${until}, ${instant(lengthUs)} for nothing${how}.`];
    }
  }
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

function helpForEver({ cause, details }: PropertyVerdict): string {
  if (cause === 'no-term') {
    return (
      'What helps: set key and TTL in one command (SET key owner NX PX 10000), so that no ' +
      'crash falls between them.'
    );
  }
  return helpForExtended(String(details?.['server'] ?? ''));
}

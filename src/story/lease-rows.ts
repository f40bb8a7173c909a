/**
 * Rows about leases: a try that servers accepted, a renewal, and how leases ended. A try that
 * leaves with its call is one row with it; tries that came to nothing are left out.
 */
import type { Grant } from '../checkers/sections.js';
import type { StoryRow } from '../report.js';
import {
  type Attempt,
  attemptsOf,
  type CommonEnd,
  endsOf,
  isKept,
  isTakenBack,
} from './attempts.js';
import type { Focus } from './focus.js';
import { askedIn } from './narrative/clauses.js';
import { requestOf } from './places.js';
import { capital, instant, ordinal, term } from './words.js';

/** A row and the record that it stands for. */
export interface PlacedRow {
  readonly row: StoryRow;
  readonly record: number;
}

/** What the other rows have to know: which records these rows already tell. */
export interface LeaseRows {
  readonly rows: readonly PlacedRow[];
  readonly told: ReadonlySet<number>;
}

/** A request that leaves so soon after its call is one row with it. */
const AT_ONCE_US = 5_000;

export function leaseRows(focus: Focus): LeaseRows {
  const rows: PlacedRow[] = [];
  const told = new Set<number>();
  for (const grant of focus.grants) {
    const attempts = attemptsOf(focus.tale.trace, grant, focus.last).filter((one) =>
      isRelevant(focus, one),
    );
    const ends = attempts.flatMap((attempt) => endsOf(attempt, focus.last));
    const gaveBack = ends.some(({ end }) => end.by?.operation === grant.operation);
    const renewals = attempts.filter(({ kind, slow }) => kind === 'renewal' && !slow);
    const late = attempts.filter(({ kind, slow }) => kind === 'renewal' && slow);
    for (const attempt of attempts) {
      if (attempt.kind === 'back') rows.push(...backRows(focus, attempt));
      else if (attempt.slow) {
        const isOne = attempt.kind === 'renewal' && !isTold(focus, attempt, late);
        if (!isOne) rows.push(slowRow(focus, attempt));
      } else if (attempt.kind === 'ttl') rows.push(ttlRow(attempt));
      else if (attempt.kind === 'first') rows.push(acquireRow(focus, attempt, told));
      else if (isTold(focus, attempt, renewals)) {
        rows.push(renewalRow(attempt, renewals.indexOf(attempt) + 1));
      }
    }
    for (const end of ends) rows.push(endRow(focus, end));
    for (const call of grant.calls) {
      const { action } = call.invocation;
      // What is nested is told call by call.
      if (action === 'acquire' || call.invocation.grant !== grant.id) continue;
      const rowed = action === 'release' ? gaveBack : renewals.length > 0;
      if (rowed) told.add(call.invoked);
    }
  }
  return { rows: [...rows, ...foreignRows(focus)], told };
}

function isRelevant(focus: Focus, attempt: Attempt): boolean {
  if (!isTakenBack(attempt)) return true;
  return attempt.leases.some(
    ({ applied, ended }) => focus.witness.has(applied) || focus.witness.has(ended),
  );
}

/** Of many renewals only the last, those that made a key anew, and those that prove something. */
function isTold(focus: Focus, attempt: Attempt, renewals: readonly Attempt[]): boolean {
  const { leases } = attempt;
  if (focus.verdict.verdict !== 'invalid' || attempt === renewals.at(-1)) return true;
  return leases.some(({ record, applied }) => !record.extends || focus.witness.has(applied));
}

function serversOf(leases: Attempt['leases']): string[] {
  return [...new Set(leases.map(({ record }) => record.server))].sort(byName);
}

function byName(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

function lasts({ leases }: Attempt): string {
  const { termUs } = leases[0]!.record;
  if (termUs === 'none') return ', no TTL';
  return typeof termUs === 'number' ? `, TTL ${term(termUs)}` : ', for its session';
}

function baseOf({ grant, leases }: Attempt) {
  const { operation } = grant;
  const servers = serversOf(leases);
  return { host: leases[0]!.record.host, kind: 'lease', operation, servers } as const;
}

/** A request that comes late: where it is applied, long after it left. */
function slowRow({ tale }: Focus, attempt: Attempt): PlacedRow {
  const { leases, kind, appliedAtUs } = attempt;
  const { record } = leases[0]!;
  const { sentAtUs } = requestOf(tale.trace, record) ?? record;
  const what = kind === 'renewal' ? 'renewal' : 'request';
  const text = `its ${what} of ${instant(sentAtUs)} is applied${lasts(attempt)}`;
  return { record: leases[0]!.applied, row: { ...baseOf(attempt), atUs: appliedAtUs, text } };
}

/** A server has again what it had lost, or what had been given back. */
function backRows(focus: Focus, attempt: Attempt): PlacedRow[] {
  if (isKept(attempt)) return [];
  const { leases, appliedAtUs, grant } = attempt;
  const { record, applied } = leases[0]!;
  const text = `${holderOf(focus, grant)}'s lease is back`;
  const row = { ...baseOf(attempt), host: record.server, atUs: appliedAtUs, text };
  return [{ record: applied, row }];
}

/** The TTL comes after the key, in a command of its own. */
function ttlRow(attempt: Attempt): PlacedRow {
  const { leases, appliedAtUs } = attempt;
  const { record, applied } = leases[0]!;
  const text = `sets the TTL: ${term(record.termUs)}`;
  return { record: applied, row: { ...baseOf(attempt), atUs: appliedAtUs, text } };
}

function acquireRow(focus: Focus, attempt: Attempt, told: Set<number>): PlacedRow {
  const { grant, leases, sentAtUs, appliedAtUs } = attempt;
  const { invocation, invoked } = grant.acquire;
  const base = baseOf(attempt);
  const atOnce = sentAtUs - invocation.atUs <= AT_ONCE_US && !told.has(invoked);
  if (atOnce && !isOvertaken(focus, attempt)) {
    told.add(invoked);
    const text = `acquire${lasts(attempt)}`;
    return { record: invoked, row: { ...base, atUs: invocation.atUs, text } };
  }
  const again = askedIn(focus.tale, grant.client, invocation.atUs, sentAtUs);
  const what = atOnce ? 'gets its lease' : again ? 'tries again' : 'asks for it';
  const text = `${what}${lasts(attempt)}`;
  return { record: leases[0]!.applied, row: { ...base, atUs: appliedAtUs, text } };
}

/** Whether a lease at one of its servers began or ended while its request was under way. */
function isOvertaken({ tale }: Focus, { grant, leases }: Attempt): boolean {
  const { invoked } = grant.acquire;
  const { applied } = leases[0]!;
  const servers = new Set(serversOf(leases));
  return tale.index.leases.some(
    (other) =>
      servers.has(other.record.server) &&
      [other.applied, other.ended].some((at) => at > invoked && at < applied),
  );
}

/** Whose lease it is: the client's; if it has several grants in the story, the operation's. */
function holderOf({ grants }: Focus, { client, operation }: Grant): string {
  return grants.filter((grant) => grant.client === client).length > 1 ? operation : client;
}

/** A request of one client that extended the lease of another. */
function foreignRows(focus: Focus): PlacedRow[] {
  return focus.tale.index.leases.flatMap(({ record, applied, grant }) => {
    const { owner, host, server, atUs } = record;
    const foreign = owner !== undefined && owner.operation !== record.operation;
    if (grant === undefined || !foreign || applied > focus.last) return [];
    if (
      !record.extends ||
      !focus.grants.includes(grant) ||
      grant.leases.some((own) => own.applied === applied)
    )
      return [];
    const text = `extends ${holderOf(focus, grant)}'s lease`;
    const row = {
      atUs,
      host,
      kind: 'lease',
      operation: grant.operation,
      text,
      servers: [server],
    } as const;
    return [{ record: applied, row }];
  });
}

function renewalRow(attempt: Attempt, nth: number): PlacedRow {
  const { record, applied } = attempt.leases[0]!;
  const again = nth === 1 ? '' : ` for the ${ordinal(nth)} time`;
  const text = record.extends ? `renews${again}` : 'renews: the key is made anew';
  return { record: applied, row: { ...baseOf(attempt), atUs: record.atUs, text } };
}

function endRow(focus: Focus, { attempt, leases, end, first }: CommonEnd): PlacedRow {
  const { grant } = attempt;
  const servers = serversOf(leases);
  return {
    record: first,
    row: {
      atUs: end.atUs,
      host: leases[0]!.record.server,
      kind: 'lease-end',
      operation: grant.operation,
      text: capital(endWords(holderOf(focus, grant), grant.operation, end)),
      servers,
    },
  };
}

function endWords(holder: string, operation: string, { cause, by }: CommonEnd['end']): string {
  const lease = `${holder}'s lease`;
  switch (cause) {
    case 'expired':
      return `${lease} expires`;
    case 'lost':
      return `${lease} is lost`;
    case 'session':
      return `${holder}'s session ends`;
    default: {
      const verb = { released: 'releases', deleted: 'deletes', overwritten: 'overwrites' }[cause];
      if (by === undefined) return `somebody ${verb} ${lease}`;
      return by.operation === operation
        ? `${by.host} ${verb} its lease`
        : `${by.host} ${verb} ${lease}`;
    }
  }
}

/**
 * Rows about leases: a try that servers accepted, a renewal, and how leases ended. A try that
 * leaves with its call is one row with it; tries that came to nothing are left out.
 */
import { NONE } from '../checkers/sections.js';
import type { StoryRow } from '../report.js';
import { type Attempt, attemptsOf, type CommonEnd, endsOf, isTakenBack } from './attempts.js';
import type { Focus } from './focus.js';
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
/** A request under way for longer than this is worth a word. */
const SLOW_US = 20_000;

export function leaseRows(focus: Focus): LeaseRows {
  const rows: PlacedRow[] = [];
  const told = new Set<number>();
  for (const grant of focus.grants) {
    const attempts = attemptsOf(grant, focus.last).filter((one) => isRelevant(focus, one));
    const renewals = attempts.filter(({ renewal }) => renewal);
    for (const attempt of attempts) {
      const time = renewals.indexOf(attempt) + 1;
      if (time === 0) rows.push(acquireRow(attempt, told));
      else if (isTold(focus, attempt, renewals)) rows.push(renewalRow(attempt, time));
      for (const end of endsOf(attempt, focus.last)) rows.push(endRow(end));
    }
    for (const call of grant.calls) {
      const { action } = call.invocation;
      const rowed = action === 'release' ? endedBy(rows, grant.operation) : renewals.length > 0;
      if (rowed) told.add(call.invoked);
    }
  }
  return { rows, told };
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
  if (attempt === renewals.at(-1)) return true;
  return leases.some(({ record, applied }) => !record.extends || focus.witness.has(applied));
}

function serversOf(leases: Attempt['leases']): string[] {
  return leases.map(({ record }) => record.server).sort(byName);
}

function byName(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

function acquireRow(attempt: Attempt, told: Set<number>): PlacedRow {
  const { grant, leases, sentAtUs, appliedAtUs } = attempt;
  const { invocation, invoked } = grant.acquire;
  const [{ record, applied }] = leases as [Attempt['leases'][number]];
  const lasts =
    typeof record.termUs === 'number' ? `, TTL ${term(record.termUs)}` : `, ${term(record.termUs)}`;
  const base = {
    host: record.host,
    kind: 'lease',
    operation: grant.operation,
    servers: serversOf(leases),
  } as const;
  if (appliedAtUs - sentAtUs > SLOW_US) {
    const text = `its request of ${instant(sentAtUs)} is applied${lasts}`;
    return { record: applied, row: { ...base, atUs: appliedAtUs, text } };
  }
  const atOnce = sentAtUs - invocation.atUs <= AT_ONCE_US && !told.has(invoked);
  if (!atOnce) {
    return { record: applied, row: { ...base, atUs: appliedAtUs, text: `tries again${lasts}` } };
  }
  told.add(invoked);
  return { record: invoked, row: { ...base, atUs: invocation.atUs, text: `acquire${lasts}` } };
}

function renewalRow({ grant, leases }: Attempt, time: number): PlacedRow {
  const [{ record, applied }] = leases as [Attempt['leases'][number]];
  const again = time === 1 ? '' : ` for the ${ordinal(time)} time`;
  const text = record.extends ? `renews${again}` : 'renews: the key is made anew';
  const { atUs, host } = record;
  const { operation } = grant;
  return {
    record: applied,
    row: { atUs, host, kind: 'lease', operation, text, servers: serversOf(leases) },
  };
}

function endRow({ attempt, leases, end, first }: CommonEnd): PlacedRow {
  const { grant } = attempt;
  const servers = serversOf(leases);
  return {
    record: first,
    row: {
      atUs: end.atUs,
      host: leases[0]!.record.server,
      kind: 'lease-end',
      operation: grant.operation,
      text: capital(endWords(grant.client, grant.operation, end)),
      servers,
    },
  };
}

function endWords(client: string, operation: string, { cause, by }: CommonEnd['end']): string {
  const lease = `${client}'s lease`;
  switch (cause) {
    case 'expired':
      return `${lease} expires`;
    case 'lost':
      return `${lease} is lost`;
    case 'session':
      return `${client}'s session ends`;
    default: {
      const verb = { released: 'releases', deleted: 'deletes', overwritten: 'overwrites' }[cause];
      if (by === undefined) return `somebody ${verb} ${lease}`;
      return by.operation === operation
        ? `${client} ${verb} its lease`
        : `${by.host} ${verb} ${lease}`;
    }
  }
}

/** Whether a row already tells that this operation's own release ended its lease. */
function endedBy(rows: readonly PlacedRow[], operation: string): boolean {
  return rows.some(({ row, record }) => {
    const released = row.kind === 'lease-end' && row.operation === operation;
    return released && record !== NONE && row.text.includes('its lease');
  });
}

/**
 * What a service did wrong when it granted a lock twice, or more permits than there are, and what
 * helps: by how the leases of the others went, or by what the second took for a grant although they
 * stood (docs/semantics.md, R3, R18).
 */
import type { Grant } from '../../checkers/sections.js';
import { serviceOf } from '../../service.js';
import type { PropertyVerdict } from '../../verdict.js';
import { instant, list } from '../words.js';
import { atOnceAt, grantedAtUs } from './clauses.js';
import type { Fate } from './lease-fate.js';
import type { Tale } from './tale.js';

type NamedFate = Fate & { readonly name: string };

/** How the last one got a permit: by one that others had lost, or beside all of theirs. */
export function tellPermit(
  tale: Tale,
  second: Grant,
  name: string,
  fates: readonly NamedFate[],
): string {
  const granted = grantedAtUs(tale, second);
  const { atUs } = tale.index.records[second.enter]!;
  const when =
    granted === atUs
      ? `was granted a permit and entered at ${instant(atUs)}`
      : `was granted a permit at ${instant(granted)} and entered at ${instant(atUs)}`;
  const whose = (wanted: boolean) =>
    list(fates.flatMap((fate) => ((fate.cause === 'stands') === wanted ? [fate.name] : [])));
  const gone = whose(false);
  return gone === ''
    ? `${name} ${when}, although the leases of ${whose(true)} stood.`
    : `${name} ${when}, because the lease of ${gone} was gone.`;
}

const FENCE = 'a fencing token that the resource checks keeps the damage out';

/** What keeps the service from granting twice, by how the leases of the others had gone. */
export function remedyForDoubleGrant(
  tale: Tale,
  verdict: PropertyVerdict,
  [first, second]: readonly [Grant, Grant],
  gone: readonly Fate[],
): string[] {
  if (gone.length === 0) return remedyBeside(tale, verdict, first, second);
  const causes = new Set(gone.map(({ cause }) => cause));
  const early = gone.find(({ help }) => help !== undefined);
  if (causes.has('deleted') || causes.has('overwritten') || causes.has('released')) {
    const help =
      early?.help ??
      `delete and change a key only if it still holds your own owner id, in one ${atOnceAt(tale)}`;
    return [`What helps: ${help}; ${FENCE}.`];
  }
  if (causes.has('lost')) {
    const several = tale.index.history.world.servers.length > 1;
    const keep = several
      ? 'servers that write every grant to disk before they answer, or stay away for a TTL ' +
        'after a crash'
      : 'several independent servers, or one that writes every grant to disk and never fails over';
    return [`No code of either client could know. What helps: ${keep}; ${FENCE}.`];
  }
  const help = early === undefined ? FENCE : `${early.help}; ${FENCE}`;
  return [`No code of either client could know. What helps: ${help}.`];
}

/** The others' leases stood, and the second counted itself as holder beside them. */
function remedyBeside(
  tale: Tale,
  { property }: PropertyVerdict,
  first: Grant,
  second: Grant,
): string[] {
  const mine = second.leases[0]?.record;
  const theirs = first.leases[0]?.record;
  const isOfSession = mine?.termUs === 'session' && theirs?.termUs === 'session';
  if (isOfSession && property === 'mutual-exclusion' && serviceOf(mine.server) === 'postgres') {
    return [
      'PostgreSQL gives a lock twice to one session only: a pooler had put both on the ' +
        'same one. What helps: take it on a connection past the pooler, or as a lock of a ' +
        'transaction (pg_advisory_xact_lock) that lasts as long as the work.',
    ];
  }
  if (property !== 'mutual-exclusion') {
    return [
      'What helps: look at all who hold the lock, and take it, in one step at the server ' +
        `(a ${atOnceAt(tale)}).`,
    ];
  }
  if (mine !== undefined && theirs !== undefined && mine.key !== theirs.key) {
    return [
      `${second.client} took its own place for the lock, which a look at all places would have ` +
        'told it. What helps: whenever the place before is gone, read the whole queue again, and ' +
        `enter only as its first; ${FENCE}.`,
    ];
  }
  return [`What helps: ${FENCE}.`];
}

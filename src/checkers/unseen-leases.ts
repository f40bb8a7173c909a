/**
 * Runs in which no lease of a grant was seen although the lock works: what it writes tells nobody
 * of the lock's key, or of a holder. What is judged from leases is unknown then, and what holders
 * did stays as it is (docs/semantics.md, R1, R13; docs/decisions/0022).
 */
import type { OperationId } from '../fault.js';
import type { History, UnseenWrite } from '../history.js';
import type { Details, Property, PropertyVerdict } from '../verdict.js';

type Judged = 'leases' | 'grants' | 'places' | 'overlap' | 'waits' | 'order' | 'other';

/** What the verdict of each property rests on. */
const RESTS_ON: Readonly<Record<Property, Judged>> = {
  'mutual-exclusion': 'overlap',
  'read-write': 'overlap',
  permits: 'overlap',
  reentrancy: 'grants',
  'resource-safety': 'other',
  fencing: 'order',
  ownership: 'leases',
  leak: 'leases',
  progress: 'waits',
  fairness: 'places',
  belief: 'grants',
  coverage: 'other',
  determinism: 'other',
};

/**
 * What can be said of a property without having seen the leases. An overlap is one, but its class
 * and who is to blame follow from terms that nobody knows. An acquire that waits may wait for a
 * lease that was left behind, which only delays it; any other call, or a circle of waits, is late
 * whatever the leases are. Fencing tokens are compared in the order of leases, unless two are one.
 */
export function withoutLeases(
  found: PropertyVerdict,
  unseen: UnseenWrite,
  history: History,
): PropertyVerdict {
  if (found.verdict === 'unknown') return found;
  const { world } = history;
  const restsOn = RESTS_ON[found.property];
  if (found.verdict === 'invalid' && ONE_BY_ONE.has(found.property)) {
    if (haveLeases(history, [found.offender, found.victim])) return found;
  }
  if (restsOn === 'overlap') return found.verdict === 'invalid' ? withoutClass(found) : found;
  return isOpen(found, restsOn) ? unknown(found.property, unseen, world.key) : found;
}

/** Properties whose violation is about the grants that it names, and no others. */
const ONE_BY_ONE: ReadonlySet<Property> = new Set<Property>([
  'mutual-exclusion',
  'read-write',
  'belief',
]);

/** Whether a lease was seen of each of these, of those that are there. */
function haveLeases(
  { records }: History,
  parties: readonly PropertyVerdict['offender'][],
): boolean {
  const without = new Set<OperationId | undefined>();
  for (const party of parties) if (party !== undefined) without.add(party.operation);
  if (without.size === 0) return false;
  for (const record of records) {
    if (record.type === 'lease') without.delete((record.owner ?? record).operation);
  }
  return without.size === 0;
}

/** Whether leases might say something else. */
function isOpen(found: PropertyVerdict, restsOn: Judged): boolean {
  switch (restsOn) {
    case 'leases':
      return true;
    case 'grants':
      return found.verdict !== 'not-applicable';
    case 'places':
      return found.verdict === 'not-applicable';
    case 'waits':
      return mayWaitForLease(found);
    case 'order':
      return found.cause === 'not-increasing';
    default:
      return false;
  }
}

function mayWaitForLease({ verdict, cause, details }: PropertyVerdict): boolean {
  if (verdict !== 'invalid' || details?.['action'] !== 'acquire') return false;
  return cause === 'not-completed' || cause === 'lost-wake-up';
}

function unknown(property: Property, unseen: UnseenWrite, lockKey: string): PropertyVerdict {
  return { property, verdict: 'unknown', reason: whyUnseen(unseen, lockKey), witness: [] };
}

/** Which write tells of no lease, why it does not, and what helps: one sentence each. */
export function whyUnseen({ server, key, holds }: UnseenWrite, lockKey: string): string {
  const unseen = 'the lock was granted and no lease of that grant was seen';
  const wrote = `${unseen}: it wrote ${key} on ${server}`;
  if (holds !== undefined && key.includes(lockKey)) {
    const what = WHY[holds] ?? `a ${holds}, and a lease is a string, or an owner id in a hash`;
    return `${wrote}, which is ${what}. What helps: keep in such a key who holds the lock`;
  }
  return (
    `${wrote}, a name that does not contain the lock's key, ${lockKey}. ` +
    "If that is the lock: let its name contain the lock's key"
  );
}

/** Why a key is no lease, by what it holds. */
const WHY: Readonly<Record<string, string>> = {
  zset: 'a sorted set, and a lease is a string, or an owner id in a hash',
  members: 'a sorted set, and no owner id of the environment is its member',
  count: 'a number that is counted, and tells of no holder',
  string: 'a string that names no owner beside the lock',
  hash: 'a hash that names no owner beside the lock',
};

/** The overlap alone. As of a double grant, it names who went on, and who entered meanwhile. */
function withoutClass(found: PropertyVerdict): PropertyVerdict {
  const { property, verdict, witness, offender, victim, details = {} } = found;
  const kept: Record<string, Details[string]> = {};
  for (const [name, value] of Object.entries(details)) {
    if (FROM_ACTS.has(name)) kept[name] = value;
  }
  return {
    property,
    verdict,
    cause: 'leases-unseen',
    witness,
    ...(victim && { offender: victim }),
    ...(offender && { victim: offender }),
    details: kept,
  };
}

/** Details of an overlap that tell of acts alone. */
const FROM_ACTS: ReadonlySet<string> = new Set([
  'key',
  'firstEnteredAtUs',
  'secondEnteredAtUs',
  'goesOnAtUs',
  'goesOnBy',
  'permits',
  'others',
]);

/**
 * Runs in which no lease was seen although the lock works: what it writes tells nobody of the
 * lock's key. What is judged from leases is unknown then, and what holders did stays as it is
 * (docs/semantics.md, R1, R13; docs/decisions/0022).
 */
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
  { world }: History,
): PropertyVerdict {
  if (found.verdict === 'unknown') return found;
  const restsOn = RESTS_ON[found.property];
  if (restsOn === 'overlap') return found.verdict === 'invalid' ? withoutClass(found) : found;
  return isOpen(found, restsOn) ? unknown(found.property, unseen, world.key) : found;
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
  const wrote = `the lock was granted and no lease was seen: it wrote ${key} on ${server}`;
  if (holds !== undefined && key.includes(lockKey)) {
    const type = holds === 'zset' ? 'sorted set' : holds;
    return (
      `${wrote}, which is a ${type}, and a lease is a string, or an owner id in a hash. ` +
      'What helps: keep in such a key who holds the lock'
    );
  }
  return (
    `${wrote}, a name that does not contain the lock's key, ${lockKey}. ` +
    "If that is the lock: let its name contain the lock's key"
  );
}

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

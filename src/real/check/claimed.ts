/**
 * Whether what broke in a real run may break, by what the lock's author says of it: under one of
 * the fault classes that struck before, or without any (docs/semantics.md, R13). A real run is not
 * shrunk, so each of its faults may be the one that is to blame.
 */
import type { Claims } from '../../algorithms/lock.js';
import type { FaultClass } from '../../fault.js';
import type { History } from '../../history.js';
import type { Persistence, Scenario } from '../../scenario.js';
import { excusing } from '../../search/claims.js';
import type { PropertyVerdict } from '../../verdict.js';

/** A verdict, and whether the lock's author says that it may be so. */
export type JudgedProperty = PropertyVerdict & { readonly expected?: true };

/** Marks a violation that the claims of a lock name. `verdict` is about that history. */
export function withClaim(
  verdict: PropertyVerdict,
  history: History,
  claims: Claims,
  persistence: Persistence,
): JudgedProperty {
  if (verdict.verdict !== 'invalid') return verdict;
  const accepted = excusing({ claims }, verdict, persistence);
  const isExpected = struckBefore(history, verdict).some((one) => accepted.has(one));
  return isExpected ? { ...verdict, expected: true } : verdict;
}

/** What broke that is not claimed. */
export function brokenOf(properties: readonly JudgedProperty[]): JudgedProperty[] {
  return properties.filter(({ verdict, expected }) => verdict === 'invalid' && !expected);
}

/** The classes that had struck when a violation was complete. */
function struckBefore({ records }: History, { witness }: PropertyVerdict): readonly FaultClass[] {
  const last = witness.length === 0 ? records.length : Math.max(...witness);
  const faults = records.slice(0, last).filter((record) => record.type === 'fault');
  const struck = faults.filter(({ edge }) => edge === 'start');
  return ['interleaving', ...struck.map((one) => one.class)];
}

/** A campaign has one for all its servers. */
export function persistenceOf({ servers }: Scenario): Persistence {
  return servers[0]!.persistence;
}

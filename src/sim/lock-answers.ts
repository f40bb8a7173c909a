/**
 * What a lock that somebody brings gives back. It need not keep to its types, since nobody checks
 * them when it is loaded, and a wrong shape that is taken for a refusal tells its author nothing.
 */
import type { Lock } from '../algorithms/lock.js';

const ANSWERS = '{ granted: true, release, … } or { granted: false, reason }';

/** Throws a `TypeError` unless `create` made a lock. */
export function mustBeLock(lock: Lock): void {
  const { acquire } = Object(lock) as Partial<Lock>;
  if (typeof acquire === 'function') return;
  throw new TypeError(`create answered ${words(lock)}; expected an object with a method acquire`);
}

/** Throws a `TypeError` unless that is a grant or a refusal. */
export function mustBeAnswer(given: unknown): void {
  const { granted, release, fencingToken } = Object(given) as Record<string, unknown>;
  if (typeof granted !== 'boolean') {
    const isObject = typeof given === 'object' && given !== null;
    const which =
      granted === undefined ? ' without granted' : ` whose granted is ${words(granted)}`;
    const what = `${words(given)}${isObject ? which : ''}`;
    throw new TypeError(`acquire answered ${what}; expected ${ANSWERS}`);
  }
  if (!granted) return;
  if (typeof release !== 'function') {
    throw new TypeError(`acquire: release is ${words(release)}; a grant has a method release`);
  }
  // A database gives texts and BigInts.
  if (fencingToken === undefined || typeof fencingToken === 'number') return;
  const what = `the ${typeof fencingToken} ${String(fencingToken)}`;
  throw new TypeError(`acquire: fencingToken is ${what}; it has to be a number`);
}

function words(given: unknown): string {
  if (given instanceof Promise) return 'a promise';
  if (typeof given === 'function') return 'a function';
  return typeof given === 'object' && given !== null ? 'an object' : String(given);
}

/**
 * What a lock that somebody brings gives back. It need not keep to its types, since nobody checks
 * them when it is loaded, and a wrong shape that is taken for a refusal tells its author nothing.
 */
import type { Lock } from '../algorithms/lock.js';
import { wrongAnswer, wrongLock } from './wrong-answers.js';

/** Throws a `TypeError` unless `create` made a lock. */
export function mustBeLock(lock: Lock): void {
  if (typeof (Object(lock) as Partial<Lock>).acquire !== 'function') throw wrongLock(lock);
}

/** Throws a `TypeError` unless that is a grant or a refusal. */
export function mustBeAnswer(given: unknown): void {
  const { granted, release, fencingToken = 0 } = Object(given) as Record<string, unknown>;
  const isGrant = typeof release === 'function' && typeof fencingToken === 'number';
  if (granted !== false && !(granted === true && isGrant)) throw wrongAnswer(given);
}

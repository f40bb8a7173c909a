/**
 * What a lock that somebody brings gives back. It need not keep to its types, since nobody checks
 * them when it is loaded, and a wrong shape that is taken for a refusal tells its author nothing.
 */
import type { Lock } from '../algorithms/lock.js';
import { wrongAnswer, wrongHeld, wrongLock, wrongTime } from './wrong-answers.js';

/** Throws a `TypeError` unless `create` made a lock. */
export function mustBeLock(lock: Lock): void {
  if (typeof (Object(lock) as Partial<Lock>).acquire !== 'function') throw wrongLock(lock);
}

/** Throws a `TypeError` unless that is a grant or a refusal. */
export function mustBeAnswer(given: unknown): void {
  const answer = Object(given) as Record<string, unknown>;
  const { granted, reason } = answer;
  if (granted === true ? isGrant(answer) : granted === false && isText(reason)) return;
  throw wrongAnswer(given);
}

/** Its signal is not looked at: many a grant makes one only if somebody asks for it. */
function isGrant(grant: Record<string, unknown>): boolean {
  const { release, renew, validForMs, onLost, ownerId, fencingToken } = grant;
  if (typeof release !== 'function' || !isText(ownerId)) return false;
  if (!isMethod(renew) || !isMethod(validForMs) || !isMethod(onLost)) return false;
  return isFencingToken(fencingToken);
}

/** Or left out, as the other two. */
function isMethod(given: unknown): boolean {
  return given === undefined || typeof given === 'function';
}

function isText(given: unknown): boolean {
  return given === undefined || typeof given === 'string';
}

/** Databases give texts and BigInts, and a trace holds whole numbers from 0. */
function isFencingToken(given: unknown): boolean {
  return given === undefined || (Number.isSafeInteger(given) && Number(given) >= 0);
}

/** Throws a `TypeError` unless `renew` or `release` said whether the lock is held. */
export function mustBeHeld(action: 'renew' | 'release', given: unknown): void {
  if (typeof given !== 'boolean') throw wrongHeld(action, given);
}

/** What is wrong with an answer of `validForMs`; ∞ is a grant that nothing ends. */
export function wrongValidity(given: unknown): TypeError | undefined {
  return typeof given === 'number' && !Number.isNaN(given) ? undefined : wrongTime(given);
}

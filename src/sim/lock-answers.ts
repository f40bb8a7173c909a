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
  const answer = Object(given) as Record<string, unknown>;
  const { granted } = answer;
  if (typeof granted !== 'boolean') {
    const isObject = typeof given === 'object' && given !== null;
    const which =
      granted === undefined ? ' without granted' : ` whose granted is ${words(granted)}`;
    const what = `${words(given)}${isObject ? which : ''}`;
    throw new TypeError(`acquire answered ${what}; expected ${ANSWERS}`);
  }
  if (granted) return mustBeGrant(answer);
  const { reason } = answer;
  if (reason === undefined || typeof reason === 'string') return;
  throw new TypeError(`acquire: reason is ${words(reason)}; a refusal says in a text why`);
}

/** Its signal is not looked at: many a grant makes one only if somebody asks for it. */
function mustBeGrant(grant: Record<string, unknown>): void {
  if (typeof grant['release'] !== 'function') {
    const what = words(grant['release']);
    throw new TypeError(`acquire: release is ${what}; a grant has a method release`);
  }
  for (const name of ['renew', 'validForMs', 'onLost']) {
    const method = grant[name];
    if (method === undefined || typeof method === 'function') continue;
    throw new TypeError(`acquire: ${name} is ${words(method)}; it is a method, or left out`);
  }
  const { ownerId, fencingToken } = grant;
  if (ownerId !== undefined && typeof ownerId !== 'string') {
    throw new TypeError(`acquire: ownerId is ${typed(ownerId)}; it has to be a text`);
  }
  if (fencingToken === undefined) return;
  if (Number.isSafeInteger(fencingToken) && Number(fencingToken) >= 0) return;
  // Databases give texts and BigInts.
  const what = typed(fencingToken);
  throw new TypeError(`acquire: fencingToken is ${what}; it has to be a whole number from 0`);
}

/** Throws a `TypeError` unless `renew` or `release` said whether the lock is held. */
export function mustBeHeld(action: 'renew' | 'release', given: unknown): void {
  if (typeof given === 'boolean') return;
  const what = action === 'renew' ? 'whether the lock is still held' : 'whether it was still held';
  throw new TypeError(`${action} answered ${typed(given)}; expected true or false: ${what}`);
}

/** What is wrong with an answer of `validForMs`; ∞ is a grant that nothing ends. */
export function wrongValidity(given: unknown): TypeError | undefined {
  if (typeof given === 'number' && !Number.isNaN(given)) return undefined;
  return new TypeError(`validForMs answered ${typed(given)}; expected the milliseconds left`);
}

/** With its type, where its text looks like that of another. */
function typed(given: unknown): string {
  const isLikeAnother = typeof given === 'string' || typeof given === 'bigint';
  return isLikeAnother ? `the ${typeof given} ${String(given)}` : words(given);
}

function words(given: unknown): string {
  if (given instanceof Promise) return 'a promise';
  if (typeof given === 'function') return 'a function';
  return typeof given === 'object' && given !== null ? 'an object' : String(given);
}

/** What is wrong with what a lock gave back, in words: only who brings such a lock needs them. */

const ANSWERS = '{ granted: true, release, … } or { granted: false, reason }';

/** @param lock what `create` made, and is no lock. */
export function wrongLock(lock: unknown): TypeError {
  return new TypeError(`create answered ${words(lock)}; expected an object with a method acquire`);
}

/** @param given what `acquire` gave, and is neither a grant nor a refusal. */
export function wrongAnswer(given: unknown): TypeError {
  const answer = Object(given) as Record<string, unknown>;
  const { granted, reason } = answer;
  if (typeof granted === 'boolean') {
    if (granted) return new TypeError(`acquire: ${wrongPart(answer)}`);
    return new TypeError(
      `acquire: reason is ${words(reason)}; it is a text that says why, or left out`,
    );
  }
  const isObject = typeof given === 'object' && given !== null;
  const which = granted === undefined ? ' without granted' : ` whose granted is ${words(granted)}`;
  const what = `${words(given)}${isObject ? which : ''}`;
  return new TypeError(`acquire answered ${what}; expected ${ANSWERS}`);
}

/** The first part of a grant that is not as it has to be. */
function wrongPart(grant: Record<string, unknown>): string {
  const { release, ownerId, fencingToken } = grant;
  if (typeof release !== 'function') {
    return `release is ${words(release)}; a grant has a method release`;
  }
  for (const name of ['renew', 'validForMs', 'onLost']) {
    const method = grant[name];
    if (method === undefined || typeof method === 'function') continue;
    return `${name} is ${words(method)}; it is a method, or left out`;
  }
  if (ownerId !== undefined && typeof ownerId !== 'string') {
    return `ownerId is ${typed(ownerId)}; it has to be a text`;
  }
  return `fencingToken is ${typed(fencingToken)}; it has to be a whole number from 0`;
}

/** @param signal what a grant carries under that name, and cannot be listened to. */
export function wrongSignal(signal: unknown): TypeError {
  return new TypeError(`signal is ${words(signal)}; it is an AbortSignal, or left out`);
}

/** @param given what `renew` or `release` answered, and is no boolean. */
export function wrongHeld(action: 'renew' | 'release', given: unknown): TypeError {
  const what = action === 'renew' ? 'whether the lock is still held' : 'whether it was still held';
  return new TypeError(`${action} answered ${typed(given)}; expected true or false: ${what}`);
}

/** @param given what `validForMs` answered, and is no time. */
export function wrongTime(given: unknown): TypeError {
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

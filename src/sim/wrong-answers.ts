/** What is wrong with what a lock gave back, in words: only who brings such a lock needs them. */

const ANSWERS = '{ granted: true, release, … } or { granted: false, reason }';

/** @param lock what `create` made, and is no lock. */
export function wrongLock(lock: unknown): TypeError {
  return new TypeError(`create answered ${words(lock)}; expected an object with a method acquire`);
}

/** @param given what `acquire` gave, and is neither a grant nor a refusal. */
export function wrongAnswer(given: unknown): TypeError {
  const { granted, release, fencingToken } = Object(given) as Record<string, unknown>;
  if (typeof granted !== 'boolean') {
    const isObject = typeof given === 'object' && given !== null;
    const which =
      granted === undefined ? ' without granted' : ` whose granted is ${words(granted)}`;
    const what = `${words(given)}${isObject ? which : ''}`;
    return new TypeError(`acquire answered ${what}; expected ${ANSWERS}`);
  }
  if (typeof release !== 'function') {
    return new TypeError(`acquire: release is ${words(release)}; a grant has a method release`);
  }
  // A database gives texts and BigInts.
  const what = `the ${typeof fencingToken} ${String(fencingToken)}`;
  return new TypeError(`acquire: fencingToken is ${what}; it has to be a number`);
}

function words(given: unknown): string {
  if (given instanceof Promise) return 'a promise';
  if (typeof given === 'function') return 'a function';
  return typeof given === 'object' && given !== null ? 'an object' : String(given);
}

/**
 * Says where plain data is not of the shape that is asked for. A check gives nothing if a value is
 * right, else the rest of a sentence that begins with its path: `.cause[17] must be …`.
 */

export type Check = (value: unknown) => string | undefined;

/** Whatever holds what is asked; `what` says it: `a text`. */
export function must(what: string, holds: (value: unknown) => boolean): Check {
  return (value) => {
    if (value === undefined) return ` is missing; it must be ${what}`;
    return holds(value) ? undefined : ` must be ${what}; it is ${shown(value)}`;
  };
}

const TEXT_MAX = 40;

/** A value in few words. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  // What is too large for a number is infinite when it is read, and has no text in JSON.
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX - 1)}…` : text;
}

export const text = must('a text', (value) => typeof value === 'string');
export const flag = must('true or false', (value) => value === true || value === false);
export const number = must('a number', Number.isFinite);
export const from0 = must(
  'a number from 0 on',
  (value) => Number.isFinite(value) && Number(value) >= 0,
);
export const object = must('an object', isObject);

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is asked, or `null`. */
export function nullOr(check: Check): Check {
  return (value) => (value === null ? undefined : check(value));
}

/** A whole number, from `least` on if there is one. */
export function whole(least = -Infinity): Check {
  const what = least === -Infinity ? 'a whole number' : `a whole number from ${least} on`;
  return must(what, (value) => Number.isSafeInteger(value) && (value as number) >= least);
}

export function oneOf(...values: readonly string[]): Check {
  const what = `one of ${values.join(', ')}`;
  return must(what, (value) => values.includes(value as string));
}

const list = must('a list', Array.isArray);

export function listOf(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return list(value);
    for (let index = 0; index < value.length; index++) {
      const wrong = check(value[index]);
      if (wrong !== undefined) return `[${index}]${wrong}`;
    }
    return undefined;
  };
}

/** A list of so many values, each with its own check. */
export function tuple(...checks: readonly Check[]): Check {
  return (value) => {
    if (!Array.isArray(value)) return list(value);
    if (value.length !== checks.length) {
      return ` must be a list of ${checks.length}; it has ${value.length}`;
    }
    for (const [index, check] of checks.entries()) {
      const wrong = check(value[index]);
      if (wrong !== undefined) return `[${index}]${wrong}`;
    }
    return undefined;
  };
}

/** An object whose keys are chosen freely. */
export function recordOf(check: Check): Check {
  return (value) => {
    if (!isObject(value)) return object(value);
    return inside(
      value,
      Object.keys(value).map((name) => [name, check]),
    );
  };
}

/** An object with these fields; one that stands with a `?` behind its name may be absent. */
export function fields(checks: Readonly<Record<string, Check>>): Check {
  const named = Object.entries(checks).map(([name, check]): [string, Check] =>
    name.endsWith('?') ? [name.slice(0, -1), optional(check)] : [name, check],
  );
  return (value) => (isObject(value) ? inside(value, named) : object(value));
}

function optional(check: Check): Check {
  return (value) => (value === undefined ? undefined : check(value));
}

function inside(
  value: Readonly<Record<string, unknown>>,
  checks: readonly (readonly [name: string, check: Check])[],
): string | undefined {
  for (const [name, check] of checks) {
    const wrong = check(value[name]);
    if (wrong !== undefined) return `.${name}${wrong}`;
  }
  return undefined;
}

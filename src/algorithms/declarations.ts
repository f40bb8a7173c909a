/**
 * What a lock may declare of itself, and the sentence that says what is wrong with a declaration.
 * A lock file may be plain JavaScript, and its declarations may come from a function of the
 * options, so they are looked at twice: where the file is loaded, and where they are resolved.
 */
import type { Declarations } from '../history.js';
import { nearest } from '../nearest.js';

type Values = Readonly<Record<string, unknown>>;

interface Rule {
  readonly expected: string;
  accepts(value: unknown): boolean;
}

const FLAG: Rule = { expected: 'true', accepts: (value) => value === true };
const COUNT: Rule = {
  expected: 'a whole number from 1',
  accepts: (value) => Number.isInteger(value) && Number(value) >= 1,
};
const DURATION: Rule = { expected: 'a number of milliseconds from 0', accepts: isMs };

const RULES: { readonly [D in keyof Declarations]-?: Rule } = {
  driftAllowance: {
    expected: '{ ratio: 0 to below 1, constantMs: from 0 }',
    accepts: isAllowance,
  },
  quorum: COUNT,
  noticeMs: DURATION,
  guardMs: DURATION,
  wokenByMessage: FLAG,
  progressBoundMs: DURATION,
  fairness: { expected: "'enqueue-order'", accepts: (value) => value === 'enqueue-order' },
  readWrite: FLAG,
  reentrant: FLAG,
  permits: COUNT,
};

/** What is wrong with declarations, as a sentence without its subject; `undefined` if nothing. */
export function problemOfDeclarations(declared: unknown): string | undefined {
  if (typeof declared !== 'object' || declared === null || Array.isArray(declared)) {
    return `declares is ${shown(declared)}; expected an object, or a function of the options`;
  }
  const values = declared as Values;
  for (const name of Object.keys(values)) {
    const rule = Object.hasOwn(RULES, name) ? RULES[name as keyof Declarations] : undefined;
    if (rule === undefined) return `there is no declaration called ${name}; ${hintFor(name)}`;
    const value = values[name];
    if (value === undefined || rule.accepts(value)) continue;
    return `declares.${name} is ${shown(value)}; expected ${rule.expected}`;
  }
  const { permits, readWrite } = values;
  if (permits === undefined || readWrite === undefined) return undefined;
  return `declares.permits is ${shown(permits)}; expected none beside readWrite`;
}

/** A value in a few characters. */
export function shown(value: unknown): string {
  if (typeof value === 'string')
    return value.length > 40 ? `"${value.slice(0, 40)}…"` : `"${value}"`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function hintFor(name: string): string {
  const known = Object.keys(RULES);
  const [near] = nearest(name, known);
  return near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`;
}

function isMs(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isAllowance(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { ratio, constantMs } = value as Values;
  return isMs(ratio) && ratio < 1 && isMs(constantMs);
}

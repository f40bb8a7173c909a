/**
 * What a schema found wrong, in words: a sentence with the path of the value, what was expected
 * there, and what stands there instead.
 */
import * as v from 'valibot';
import { nearest } from '../nearest.js';
import { list } from '../story/words.js';
import type { Misfit } from './consistency.js';
import { type JsonPath, wayTo } from './json-places.js';

/** `faults[0].durationUs: expected a whole number of microseconds from 1 on, got "10s"`. */
export function misfitOf(
  name: string,
  root: v.GenericSchema,
  raised: v.BaseIssue<unknown>,
): Misfit {
  const issue = deepest(raised);
  const path = keysOf(issue);
  const where = wayTo(path);
  const inside = issue.path?.at(-1)?.input;
  if (Array.isArray(inside) && typeof path.at(-1) === 'string') {
    // A list has no fields: what is wrong is that it is no object.
    const expected = wordsOf(schemaAt(root, issue, 1)) ?? 'an object';
    return misfit(name, path.slice(0, -1), expected, inside);
  }
  if (isOfNoField(issue)) {
    const message = `${name}: ${where}: there is no such field; ${fieldsBeside(root, issue)}`;
    return { message, path, about: 'key' };
  }
  if (isMissing(issue)) {
    const expected = wordsOf(schemaAt(root, issue, 0)) ?? expectation(issue);
    return { message: `${name}: ${where}: it is missing; expected ${expected}`, path };
  }
  return misfit(name, path, expectation(issue), issue.input);
}

/** Of a text that says nothing. */
export function nothingIn(name: string, root: v.GenericSchema): Misfit {
  return misfit(name, [], wordsOf(root) ?? 'something', undefined);
}

function misfit(name: string, path: JsonPath, expected: string, value: unknown): Misfit {
  const place = path.length === 0 ? 'the file' : wayTo(path);
  return { message: `${name}: ${place}: expected ${expected}, got ${short(value)}`, path };
}

/** Of what fits none of several shapes, what is wrong within the one that it is meant to be. */
function deepest(issue: v.BaseIssue<unknown>): v.BaseIssue<unknown> {
  if (issue.type !== 'union') return issue;
  const within = issue.issues?.find(
    (one) => keysOf(one).length > 1 || (keysOf(one).length > 0 && !isOfShape(one)),
  );
  if (within?.path === undefined) return issue;
  return { ...within, path: [...(issue.path ?? []), ...within.path] } as v.BaseIssue<unknown>;
}

function keysOf({ path }: v.BaseIssue<unknown>): (string | number)[] {
  return (path ?? []).map(({ key }) => key as string | number);
}

function isOfShape(issue: v.BaseIssue<unknown>): boolean {
  return isOfNoField(issue) || isMissing(issue);
}

function isOfNoField({ type, expected }: v.BaseIssue<unknown>): boolean {
  return type === 'strict_object' && expected === 'never';
}

function isMissing(issue: v.BaseIssue<unknown>): boolean {
  return issue.received === 'undefined';
}

/** `did you mean ttlMs?`, or the fields that there are. */
function fieldsBeside(root: v.GenericSchema, issue: v.BaseIssue<unknown>): string {
  const fields = Object.keys(entriesOf(schemaAt(root, issue, 1), issue.path?.at(-1)?.input));
  const close = nearest(String(keysOf(issue).at(-1)), fields);
  return close.length > 0 ? `did you mean ${list(close, 'or')}?` : `there are ${list(fields)}`;
}

/** The schema of where an issue is, or of so many steps above. */
function schemaAt(
  root: v.GenericSchema,
  issue: v.BaseIssue<unknown>,
  above: number,
): v.GenericSchema | undefined {
  let schema: v.GenericSchema | undefined = root;
  const path = issue.path ?? [];
  for (const { key, input } of path.slice(0, path.length - above)) {
    schema = schema && innerOf(schema, key, input);
  }
  return schema;
}

/** What a schema says that it expects. */
function wordsOf(schema: v.GenericSchema | undefined): string | undefined {
  const result = schema && v.safeParse(schema, undefined);
  return result?.issues === undefined ? undefined : expectation(result.issues[0]);
}

interface Inside {
  readonly type: string;
  readonly entries?: Readonly<Record<string, v.GenericSchema>>;
  readonly item?: v.GenericSchema;
  readonly options?: readonly v.GenericSchema[];
}

/** The schema of what stands at a key of a value. */
function innerOf(
  schema: v.GenericSchema,
  key: unknown,
  value: unknown,
): v.GenericSchema | undefined {
  const { item } = schema as unknown as Inside;
  return item ?? entriesOf(schema, value)[String(key)];
}

/** The fields of an object; of several shapes, of the one that the value names, or means. */
function entriesOf(
  schema: v.GenericSchema | undefined,
  value: unknown,
): NonNullable<Inside['entries']> {
  const { entries, options = [], type } = (schema ?? {}) as unknown as Inside;
  if (entries !== undefined) return entries;
  const fields = options.map((option) => entriesOf(option, value));
  const meant =
    type === 'variant'
      ? fields.find((of) => v.is(of['class']!, Object(value).class))
      : fields.find((of) => Object.keys(of).some((key) => Object.hasOwn(Object(value), key)));
  return meant ?? {};
}

/** Our own words where the schema has some; else the type that was expected. */
function expectation({ message, expected }: v.BaseIssue<unknown>): string {
  return message.startsWith('Invalid ') ? (expected ?? 'something else') : message;
}

function short(value: unknown): string {
  const text = textOf(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function textOf(value: unknown): string {
  // JSON has no word for a number beyond all that there are.
  if (typeof value === 'number') return String(value);
  try {
    return JSON.stringify(value) ?? 'nothing';
  } catch {
    // It can be read deeper than it can be written.
    return 'what is nested too deep to be shown';
  }
}

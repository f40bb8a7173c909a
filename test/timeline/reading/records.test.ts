/** Payloads are what the type of their row says: the reader and the JSON Schema are of one mind. */
import { describe, expect, test } from 'vitest';
import { readTrace } from '../../../src/timeline/read.js';
import { wholeFile } from '../files.js';
import { compiled, records, type Schema, schema } from '../schema.js';

const FILE = wholeFile();
const AT = FILE.payload.length;

/** The file with a record of that type in its first row. */
function withRecord(type: string, payload: unknown): string {
  const { ev, dict } = FILE;
  return JSON.stringify({
    ...FILE,
    dict: [...dict, type],
    payload: [...FILE.payload, payload],
    ev: {
      ...ev,
      type: [dict.length, ...ev.type.slice(1)],
      payload: [AT, ...ev.payload.slice(1)],
    },
  });
}

function problem(content: string): string | undefined {
  try {
    readTrace(content, 'run.json');
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A value that the schema allows, with every field or only with those it must have. */
function example({ $ref, type, properties, required = [], anyOf }: Schema, all: boolean): unknown {
  if (anyOf !== undefined || $ref !== undefined) return 1;
  if (type === 'string') return 'x';
  if (type === 'boolean') return true;
  if (type !== 'object') return 1;
  const names = Object.keys(properties!).filter((name) => all || required.includes(name));
  return Object.fromEntries(names.map((name) => [name, example(properties![name]!, all)]));
}

/** Types by name, without those that say no more than to look at another one. */
const TYPES = Object.entries(records).filter(([, { $ref }]) => $ref === undefined);

const ODD = [null, true, 'x', 'none', -1, 0, 1.5, 1e300, {}, [], { host: 5 }];

describe.each(TYPES)('a record of type %s', (type, record) => {
  const isRecord = compiled({ ...record, $defs: schema.$defs! });
  const whole = example(record, true) as Record<string, unknown>;

  test('is read with all of its fields, and with those that it must have', () => {
    expect(problem(withRecord(type, whole))).toBeUndefined();
    expect(problem(withRecord(type, example(record, false)))).toBeUndefined();
  });

  test('is refused by the name of the field where the schema refuses it', () => {
    for (const name of Object.keys(whole)) {
      const { [name]: _gone, ...rest } = whole;
      for (const payload of [rest, ...ODD.map((value) => ({ ...whole, [name]: value }))]) {
        const said = problem(withRecord(type, payload));
        if (isRecord(payload)) expect(said, JSON.stringify(payload)).toBeUndefined();
        else {
          expect(said).toContain(`run.json: payload[${AT}].${name}`);
          expect(said).toContain(`; row 0 of ev says it is "${type}"`);
        }
      }
    }
  });
});

test('a type that refers to another one is judged as that one', () => {
  for (const type of ['fail', 'info']) {
    expect(problem(withRecord(type, { call: 1 }))).toContain(
      `payload[${AT}].client is missing; it must be a text`,
    );
  }
});

test('a type of a later Holdfast has whatever fields it likes', () => {
  expect(problem(withRecord('teleport', { to: [1] }))).toBeUndefined();
});

test('a number that is too large to be one is none', () => {
  const huge = withRecord('access', { ...accessed(), value: 77 }).replace('77', '1e999');
  expect(problem(huge)).toBe(
    `run.json: payload[${AT}].value must be a number; it is Infinity; ` +
      'row 0 of ev says it is "access"',
  );

  function accessed(): object {
    return example(records['access']!, false) as object;
  }
});

test('a server holds a lease because of a row that is one', () => {
  const spans = FILE.spans.map((span) =>
    span.kind === 'lease' ? { ...span, by: span.by.map(() => 0) } : span,
  );
  const at = spans.findIndex(({ kind }) => kind === 'lease');
  expect(problem(JSON.stringify({ ...FILE, spans }))).toBe(
    `run.json: spans[${at}].by[0] is 0; row 0 of ev is "invoke", and no lease`,
  );
});

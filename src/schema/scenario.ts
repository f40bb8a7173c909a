/**
 * A scenario as somebody wrote it: what is wrong with it is said with the path in it and what was
 * expected there, before anything runs.
 */
import * as v from 'valibot';
import {
  DRIFT_MAX_PPM,
  DRIFT_MIN_PPM,
  LONGEST_US,
  PERSISTENCE,
  REPLICAS_MAX,
  type Scenario,
  TTL_MAX_MS,
  WAIT_MAX_MS,
} from '../scenario.js';
import { serviceOf } from '../service.js';
import { inconsistency, type Misfit } from './consistency.js';
import { type JsonPath, wayTo } from './json-places.js';

/** It is no scenario; the message says where, what is there and what was expected. */
export class ScenarioProblem extends Error {
  override readonly name = 'ScenarioProblem';
  /** Where it is wrong; the way to the whole scenario if that is no JSON. */
  readonly path: JsonPath;

  constructor({ message, path }: Misfit) {
    super(message);
    this.path = path;
  }
}

const longest = `at most ${LONGEST_US} microseconds (30 days)`;
const usFrom = (least: number) => {
  const expected = `a whole number of microseconds from ${least} on`;
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(least, expected),
    v.maxValue(LONGEST_US, longest),
  );
};
const us = usFrom(0);
const positiveUs = usFrom(1);
const signedUs = v.pipe(
  v.number('a whole number of microseconds'),
  v.integer('a whole number of microseconds'),
  v.maxValue(LONGEST_US, longest),
  v.minValue(-LONGEST_US, `at least -${LONGEST_US} microseconds (30 days)`),
);
const drift = `a whole number of ppm from ${DRIFT_MIN_PPM} to ${DRIFT_MAX_PPM}`;
const ppm = v.pipe(
  v.number(drift),
  v.integer(drift),
  v.minValue(DRIFT_MIN_PPM, drift),
  v.maxValue(DRIFT_MAX_PPM, drift),
);
const ms = (least: number, most: number) => {
  const expected = `a whole number of milliseconds from ${least} to ${most}`;
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(least, expected),
    v.maxValue(most, expected),
  );
};
const nth = v.pipe(
  v.number('a whole number from 1 on'),
  v.safeInteger('a whole number from 1 on'),
  v.minValue(1, 'a whole number from 1 on'),
);
const text = v.pipe(v.string('a text'), v.nonEmpty('a text that is not empty'));
const client = v.pipe(v.string('a client, A to Z'), v.regex(/^[A-Z]$/, 'a client, A to Z'));
const server = v.pipe(
  v.string('a server, r1, e1, …'),
  v.check((name) => serviceOf(name) !== undefined, 'a server, r1, e1, …'),
);
const farEnd = v.pipe(
  v.string('a server, r1, e1, …, or store'),
  v.check(
    (name) => name === 'store' || serviceOf(name) !== undefined,
    'a server, r1, e1, …, or store',
  ),
);
const anyHost = v.pipe(
  v.string('a client or server'),
  v.check((name) => /^[A-Z]$/.test(name) || serviceOf(name) !== undefined, 'a client or server'),
);
const operation = v.pipe(
  v.string('an operation such as A1'),
  v.regex(/^[A-Z][1-9]\d*$/, 'an operation such as A1'),
);

const place = v.strictObject({ operation, nth });
const trigger = v.union(
  [
    v.strictObject({ atUs: us }),
    v.strictObject({ call: place }),
    v.strictObject({ delivery: place }),
  ],
  '{"atUs": …}, {"call": {"operation": "A1", "nth": 1}} or {"delivery": {…}}',
);
const base = { id: text, at: trigger };
const direction = v.picklist(
  ['both', 'to-server', 'to-client'],
  '"both", "to-server" or "to-client"',
);
const oneWay = v.picklist(['to-server', 'to-client'], '"to-server" or "to-client"');
const link = { ...base, client, server: farEnd };

const fault = v.variant(
  'class',
  [
    v.strictObject({ ...base, class: v.literal('pause'), host: client, durationUs: positiveUs }),
    v.strictObject({ ...base, class: v.literal('clock-step'), host: anyHost, byUs: signedUs }),
    v.strictObject({
      ...base,
      class: v.literal('clock-drift'),
      host: anyHost,
      ppm,
      durationUs: positiveUs,
    }),
    v.strictObject({
      ...base,
      class: v.literal('client-crash'),
      host: client,
      mode: v.picklist(['kill', 'power'], '"kill" or "power"'),
      restartAfterUs: v.nullable(us),
    }),
    v.strictObject({ ...base, class: v.literal('server-crash'), host: server, restartAfterUs: us }),
    v.strictObject({ ...link, class: v.literal('partition'), direction, durationUs: positiveUs }),
    v.strictObject({
      ...link,
      class: v.literal('delay'),
      direction: oneWay,
      durationUs: positiveUs,
      byUs: us,
    }),
    v.strictObject({ ...link, class: v.literal('lost-request') }),
    v.strictObject({ ...link, class: v.literal('lost-reply') }),
    v.strictObject({ ...link, class: v.literal('half-open') }),
    v.strictObject({
      ...base,
      class: v.literal('server-error'),
      host: server,
      durationUs: positiveUs,
      error: text,
    }),
    v.strictObject({ ...base, class: v.literal('failover'), host: server, replica: nth }),
  ],
  'a fault with one of the fault classes of holdfast explain',
);

const scenario = v.strictObject({
  algorithm: text,
  options: v.record(
    v.string(),
    v.union([v.string(), v.number(), v.boolean()], 'a text, a number, true or false'),
    'an object of options',
  ),
  workload: text,
  key: text,
  ttlMs: ms(1, TTL_MAX_MS),
  waitMs: ms(0, WAIT_MAX_MS),
  longestSectionUs: us,
  servers: v.array(
    v.strictObject({
      id: server,
      persistence: v.picklist(PERSISTENCE, `one of ${PERSISTENCE.join(', ')}`),
      replicaLagUs: v.pipe(
        v.array(us, 'a list of lags'),
        v.maxLength(REPLICAS_MAX, `a list of at most ${REPLICAS_MAX} lags`),
      ),
    }),
    'a list of servers',
  ),
  clients: v.array(
    v.strictObject({
      id: client,
      operations: v.array(
        v.strictObject({
          id: operation,
          gapUs: us,
          sectionUs: us,
          renew: v.boolean('true or false'),
          mode: v.optional(
            v.picklist(['exclusive', 'shared'], '"exclusive" or "shared"'),
            'exclusive',
          ),
          nested: v.optional(v.boolean('true or false'), false),
        }),
        'a list of operations',
      ),
    }),
    'a list of clients',
  ),
  faults: v.array(fault, 'a list of faults'),
});

/**
 * All that is wrong with the scenario in a text, each with its place; or the scenario. What is
 * wrong between two places is looked for once nothing is wrong within one.
 */
export function readScenario(
  name: string,
  content: string,
): { readonly scenario: Scenario } | { readonly problems: readonly [Misfit, ...Misfit[]] } {
  let json: unknown;
  try {
    // Some editors begin a file with a mark of its byte order.
    json = JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problems: [{ message: `${name} is no JSON: ${reason}`, path: [] }] };
  }
  const result = v.safeParse(scenario, json);
  if (!result.success) {
    const [first, ...others] = result.issues;
    return { problems: [misfitOf(name, first), ...others.map((issue) => misfitOf(name, issue))] };
  }
  const parsed: Scenario = result.output;
  const problem = inconsistency(parsed);
  if (problem === undefined) return { scenario: parsed };
  return { problems: [{ ...problem, message: `${name}: ${problem.message}` }] };
}

/**
 * The scenario in a text.
 *
 * @throws {ScenarioProblem} naming `name`, the path in it, what is there and what was expected.
 */
export function parseScenario(name: string, content: string): Scenario {
  const read = readScenario(name, content);
  if ('scenario' in read) return read.scenario;
  throw new ScenarioProblem(read.problems[0]);
}

/** `faults[0].durationUs: expected a whole number of microseconds from 1 on, got "10s"`. */
function misfitOf(name: string, issue: v.BaseIssue<unknown>): Misfit {
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  const where = wayTo(path);
  const got = issue.received === 'undefined' ? 'nothing' : JSON.stringify(issue.input);
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return { message: `${name}: ${where}: there is no such field`, path, about: 'key' };
  }
  if (issue.expected === JSON.stringify(path.at(-1))) {
    const expected = expectedAt(scenario, issue);
    return { message: `${name}: ${where}: it is missing; expected ${expected}`, path };
  }
  const place = where === '' ? 'the file' : where;
  return { message: `${name}: ${place}: expected ${expectation(issue)}, got ${short(got)}`, path };
}

/** What the schema of a field that is missing would have taken. */
function expectedAt(root: v.GenericSchema, { path }: v.BaseIssue<unknown>): string {
  let schema: v.GenericSchema | undefined = root;
  for (const { key, input } of path ?? []) schema = schema && innerOf(schema, key, input);
  const result = schema && v.safeParse(schema, undefined);
  return result?.issues === undefined ? 'a value' : expectation(result.issues[0]);
}

/** The schema of what stands at a key of a value. */
function innerOf(
  schema: v.GenericSchema,
  key: unknown,
  value: unknown,
): v.GenericSchema | undefined {
  const { entries, item, options } = schema as unknown as {
    readonly entries?: Readonly<Record<string, v.GenericSchema>>;
    readonly item?: v.GenericSchema;
    readonly options?: readonly v.GenericSchema[];
  };
  if (entries !== undefined) return entries[String(key)];
  // Of several shapes, the one that the value names.
  const named = options?.find((option) => {
    const ofClass = innerOf(option, 'class', value);
    return ofClass !== undefined && v.safeParse(ofClass, Object(value).class).success;
  });
  return named === undefined ? item : innerOf(named, key, value);
}

/** Our own words where the schema has some; else the type that was expected. */
function expectation({ message, expected }: v.BaseIssue<unknown>): string {
  return message.startsWith('Invalid ') ? (expected ?? 'something else') : message;
}

function short(text: string | undefined): string {
  const known = text ?? 'nothing';
  return known.length > 60 ? `${known.slice(0, 57)}…` : known;
}

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
import { list } from '../story/words.js';
import { inconsistency, type Misfit } from './consistency.js';
import type { JsonPath } from './json-places.js';
import { misfitOf, nothingIn } from './wording.js';

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
/** The probe of every run has the name that is left out. */
const newClient = v.pipe(
  v.string('a client, A to Z without P'),
  v.regex(/^[A-OQ-Z]$/, 'a client, A to Z without P'),
);
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

/** An object with these fields and no others, which says so of what is none. */
const objectOf = <const E extends v.ObjectEntries>(entries: E) =>
  v.strictObject(entries, `an object with ${list(Object.keys(entries))}`);

const place = objectOf({ operation, nth });
const trigger = v.union(
  [objectOf({ atUs: us }), objectOf({ call: place }), objectOf({ delivery: place })],
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
    objectOf({ ...base, class: v.literal('pause'), host: client, durationUs: positiveUs }),
    objectOf({ ...base, class: v.literal('clock-step'), host: anyHost, byUs: signedUs }),
    objectOf({
      ...base,
      class: v.literal('clock-drift'),
      host: anyHost,
      ppm,
      durationUs: positiveUs,
    }),
    objectOf({
      ...base,
      class: v.literal('client-crash'),
      host: client,
      mode: v.picklist(['kill', 'power'], '"kill" or "power"'),
      restartAfterUs: v.nullable(us),
    }),
    objectOf({ ...base, class: v.literal('server-crash'), host: server, restartAfterUs: us }),
    objectOf({ ...link, class: v.literal('partition'), direction, durationUs: positiveUs }),
    objectOf({
      ...link,
      class: v.literal('delay'),
      direction: oneWay,
      durationUs: positiveUs,
      byUs: us,
    }),
    objectOf({ ...link, class: v.literal('lost-request') }),
    objectOf({ ...link, class: v.literal('lost-reply') }),
    objectOf({ ...link, class: v.literal('half-open') }),
    objectOf({
      ...base,
      class: v.literal('server-error'),
      host: server,
      durationUs: positiveUs,
      error: text,
    }),
    objectOf({ ...base, class: v.literal('failover'), host: server, replica: nth }),
  ],
  'a fault with one of the fault classes of holdfast explain',
);

const scenario = objectOf({
  algorithm: text,
  options: v.pipe(
    v.custom<object>((options) => !Array.isArray(options), 'an object of options'),
    v.record(
      v.string(),
      v.union([v.string(), v.number(), v.boolean()], 'a text, a number, true or false'),
      'an object of options',
    ),
  ),
  workload: text,
  key: text,
  ttlMs: ms(1, TTL_MAX_MS),
  waitMs: ms(0, WAIT_MAX_MS),
  longestSectionUs: us,
  servers: v.array(
    objectOf({
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
    objectOf({
      id: newClient,
      operations: v.array(
        objectOf({
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
  if (content.trim() === '') {
    return { problems: [nothingIn(name, scenario)] };
  }
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
    return {
      problems: [
        misfitOf(name, scenario, first),
        ...others.map((issue) => misfitOf(name, scenario, issue)),
      ],
    };
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

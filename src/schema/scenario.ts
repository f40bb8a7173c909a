/**
 * A scenario as somebody wrote it: what is wrong with it is said with the path in it and what was
 * expected there, before anything runs.
 */
import * as v from 'valibot';
import type { FailoverFault } from '../fault.js';
import { nearest } from '../nearest.js';
import { PERSISTENCE, REPLICAS_MAX, type Scenario, TTL_MAX_MS, WAIT_MAX_MS } from '../scenario.js';
import { serviceOf } from '../service.js';
import { list, plural } from '../story/words.js';

/** It is no scenario; the message says where, what is there and what was expected. */
export class ScenarioProblem extends Error {
  override readonly name = 'ScenarioProblem';
}

const us = v.pipe(
  v.number('a whole number of microseconds from 0 on'),
  v.safeInteger('a whole number of microseconds from 0 on'),
  v.minValue(0, 'a whole number of microseconds from 0 on'),
);
const positiveUs = v.pipe(us, v.minValue(1, 'a whole number of microseconds from 1 on'));
const signedUs = v.pipe(
  v.number('a whole number of microseconds'),
  v.safeInteger('a whole number of microseconds'),
);
const ms = (least: number, most: number) => {
  const expected = `a number of milliseconds from ${least} to ${most}`;
  return v.pipe(v.number(expected), v.minValue(least, expected), v.maxValue(most, expected));
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
      ppm: v.pipe(v.number('a whole number of ppm'), v.safeInteger('a whole number of ppm')),
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
  options: v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
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
 * The scenario in a text.
 *
 * @throws {ScenarioProblem} naming `name`, the path in it, what is there and what was expected.
 */
export function parseScenario(name: string, content: string): Scenario {
  let json: unknown;
  try {
    // Some editors begin a file with a mark of its byte order.
    json = JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ScenarioProblem(`${name} is no JSON: ${reason}`);
  }
  const result = v.safeParse(scenario, json, { abortEarly: true });
  if (!result.success) throw new ScenarioProblem(`${name}: ${describe(result.issues[0])}`);
  const parsed: Scenario = result.output;
  const problem = inconsistency(parsed);
  if (problem !== undefined) throw new ScenarioProblem(`${name}: ${problem}`);
  return parsed;
}

/** `faults[0].durationUs: expected a whole number of microseconds from 1 on, got "10s"`. */
function describe(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  const where = path.map((key, at) => step(key, at)).join('');
  const got = issue.received === 'undefined' ? 'nothing' : JSON.stringify(issue.input);
  const known = issue.type === 'strict_object' && issue.expected === 'never';
  if (known) return `${where}: there is no such field`;
  if (issue.expected === JSON.stringify(path.at(-1))) return `${where}: it is missing`;
  return `${where === '' ? 'the file' : where}: expected ${expectation(issue)}, got ${short(got)}`;
}

function step(key: string | number, at: number): string {
  if (typeof key === 'number') return `[${key}]`;
  return at === 0 ? key : `.${key}`;
}

/** Our own words where the schema has some; else the type that was expected. */
function expectation({ message, expected }: v.BaseIssue<unknown>): string {
  return message.startsWith('Invalid ') ? (expected ?? 'something else') : message;
}

function short(text: string | undefined): string {
  const known = text ?? 'nothing';
  return known.length > 60 ? `${known.slice(0, 57)}…` : known;
}

/** Names that stand for nothing, or for two things. */
function inconsistency({ clients, servers, faults }: Scenario): string | undefined {
  const hosts = [...clients.map(({ id }) => id), ...servers.map(({ id }) => id), 'store'];
  const operations = clients.flatMap((one) => one.operations.map(({ id }) => id));
  const ids = faults.map(({ id }) => id);
  for (const [what, names] of [
    ['host', hosts],
    ['operation', operations],
    ['fault', ids],
  ] as const) {
    const twice = names.find((name, at) => names.indexOf(name) !== at);
    if (twice !== undefined) return `there are two ${what}s ${twice}`;
  }
  for (const [at, fault] of faults.entries()) {
    const named = 'host' in fault ? [fault.host] : [fault.client, fault.server];
    const unknown = named.find((name) => !hosts.includes(name));
    if (unknown !== undefined) {
      return `faults[${at}]: there is no host ${unknown}; ${hint(unknown, hosts)}`;
    }
    const problem = fault.class === 'failover' ? noReplica(fault, servers) : undefined;
    if (problem !== undefined) return `faults[${at}].replica: ${problem}`;
    const aim =
      'call' in fault.at ? fault.at.call : 'delivery' in fault.at ? fault.at.delivery : undefined;
    if (aim !== undefined && !operations.includes(aim.operation)) {
      return (
        `faults[${at}].at: there is no operation ${aim.operation}; ` +
        `${hint(aim.operation, operations)}`
      );
    }
  }
  return undefined;
}

/** Of a Redis one of its replicas takes over; elsewhere the number says what happens (R16). */
function noReplica({ host, replica }: FailoverFault, servers: Scenario['servers']) {
  const count = servers.find(({ id }) => id === host)?.replicaLagUs.length ?? 0;
  if (serviceOf(host) !== 'redis' || replica <= count) return undefined;
  return `${host} has ${plural(count, 'replica')}, and no replica ${replica}`;
}

/** `did you mean …?`, or all there are. */
function hint(word: string, names: readonly string[]): string {
  const close = nearest(word, names);
  const near = close.length > 0 ? close : names.filter((name) => name.includes(word));
  return near.length > 0 ? `did you mean ${list(near, 'or')}?` : `there are ${list(names)}`;
}

/** Scenarios as text: what is read, and what is said about a wrong one. */
import { describe, expect, test } from 'vitest';
import redlock from '../../src/algorithms/redlock.js';
import { FAULT_CLASSES } from '../../src/fault.js';
import { scenarioNamed, scenarioNames } from '../../src/pitfalls/index.js';
import type { Scenario } from '../../src/scenario.js';
import { parseScenario, ScenarioProblem } from '../../src/schema/scenario.js';
import { PLAIN_OPERATION } from '../plain-operation.js';
import { drawn, planFor } from '../sim/runs.js';

const SCENARIO: Scenario = {
  algorithm: 'redlock',
  options: { driftFactor: 0.01 },
  workload: 'critical-section',
  key: 'orders',
  ttlMs: 10_000,
  waitMs: 20_000,
  longestSectionUs: 5_000_000,
  servers: [{ id: 'r1', persistence: 'everysec', replicaLagUs: [1_000] }],
  clients: [
    { id: 'A', operations: [{ id: 'A1', gapUs: 0, sectionUs: 1_000, ...PLAIN_OPERATION }] },
    {
      id: 'B',
      operations: [{ id: 'B1', gapUs: 0, sectionUs: 1_000, ...PLAIN_OPERATION, renew: true }],
    },
  ],
  faults: [
    {
      id: 'f1',
      class: 'pause',
      at: { call: { operation: 'A1', nth: 7 } },
      host: 'A',
      durationUs: 10_000_000,
    },
    { id: 'f2', class: 'lost-reply', at: { atUs: 5_000 }, client: 'B', server: 'store' },
    {
      id: 'f3',
      class: 'client-crash',
      at: { atUs: 0 },
      host: 'B',
      mode: 'kill',
      restartAfterUs: null,
    },
  ],
};

const parse = (scenario: unknown) => parseScenario('s.json', JSON.stringify(scenario));

/** With another first operation. */
function withFirst(change: object) {
  const [first, ...others] = SCENARIO.clients;
  const operations = [{ ...first!.operations[0]!, ...change }];
  return { ...SCENARIO, clients: [{ ...first!, operations }, ...others] };
}

test('a scenario is read as it stands', () => {
  expect(parse(SCENARIO)).toEqual(SCENARIO);
});

test('R17 R19 an operation is exclusive, and nothing nested, unless the file says so', () => {
  expect(parse(withFirst({ mode: undefined, nested: undefined }))).toEqual(SCENARIO);
  const shared = withFirst({ mode: 'shared', nested: true });
  expect(parse(shared)).toEqual(shared);
  const place = 's.json: clients[0].operations[0]';
  expect(() => parse(withFirst({ mode: 'both' }))).toThrow(
    `${place}.mode: expected "exclusive" or "shared", got "both"`,
  );
  expect(() => parse(withFirst({ nested: 1 }))).toThrow(
    `${place}.nested: expected true or false, got 1`,
  );
});

test.each(FAULT_CLASSES)('what a campaign draws can stand in a file: %s', (faultClass) => {
  const plan = planFor(redlock, { faultClasses: [faultClass] });
  const scenarios = Array.from({ length: 50 }, (_, run) => drawn(plan, run).scenario);
  const classes = new Set(scenarios.flatMap(({ faults }) => faults.map((one) => one.class)));
  expect([...classes]).toEqual(faultClass === 'interleaving' ? [] : [faultClass]);
  for (const scenario of scenarios) expect(parse(scenario)).toEqual(scenario);
});

test('the number of a failover names a replica of a Redis, and elsewhere what happens', () => {
  const servers = [{ id: 'r1', persistence: 'everysec', replicaLagUs: [0, 1_000] }];
  const promoted = { ...SCENARIO, servers, faults: [FAILOVER] };
  expect(parse(promoted)).toEqual(promoted);
  const etcd = { ...servers[0], id: 'e1', replicaLagUs: [0] };
  const stalled = { ...SCENARIO, servers: [etcd], faults: [{ ...FAILOVER, host: 'e1' }] };
  expect(parse(stalled)).toEqual(stalled);
});

test('a file may begin with a mark of its byte order', () => {
  expect(parseScenario('s.json', `\uFEFF${JSON.stringify(SCENARIO)}`)).toEqual(SCENARIO);
});

const fault = (more: object) => ({ ...SCENARIO, faults: [{ ...SCENARIO.faults[0], ...more }] });

const FAILOVER = { id: 'f1', class: 'failover', at: { atUs: 0 }, host: 'r1', replica: 2 };

const OBJECT =
  'an object with algorithm, options, workload, key, ttlMs, waitMs, longestSectionUs, servers, ' +
  'clients and faults';

const WRONG: readonly (readonly [what: string, scenario: unknown, sentence: string])[] = [
  [
    'a duration with a unit',
    fault({ durationUs: '10s' }),
    's.json: faults[0].durationUs: expected a whole number of microseconds from 1 on, got "10s"',
  ],
  [
    'a duration of nothing',
    fault({ durationUs: 0 }),
    's.json: faults[0].durationUs: expected a whole number of microseconds from 1 on, got 0',
  ],
  [
    'a TTL beyond the longest',
    { ...SCENARIO, ttlMs: 1e15 },
    's.json: ttlMs: expected a whole number of milliseconds from 1 to 3600000, got ' +
      '1000000000000000',
  ],
  [
    'half a millisecond',
    { ...SCENARIO, waitMs: 0.5 },
    's.json: waitMs: expected a whole number of milliseconds from 0 to 36000000, got 0.5',
  ],
  [
    'a duration beyond the longest',
    fault({ durationUs: 2_592_000_000_001 }),
    's.json: faults[0].durationUs: expected at most 2592000000000 microseconds (30 days), got ' +
      '2592000000001',
  ],
  [
    'a clock that runs backwards',
    fault({ class: 'clock-drift', ppm: -1_000_001 }),
    's.json: faults[0].ppm: expected a whole number of ppm from -1000000 to 1000000000, got ' +
      '-1000001',
  ],
  [
    'a fault class that there is not',
    fault({ class: 'nap' }),
    's.json: faults[0].class: expected a fault with one of the fault classes of holdfast ' +
      'explain, got "nap"',
  ],
  [
    'a trigger that is none',
    fault({ at: { when: 3 } }),
    's.json: faults[0].at: expected {"atUs": …}, {"call": {"operation": "A1", "nth": 1}} or',
  ],
  [
    'more replicas than a server can have',
    { ...SCENARIO, servers: [{ ...SCENARIO.servers[0], replicaLagUs: [0, 0, 0] }] },
    's.json: servers[0].replicaLagUs: expected a list of at most 2 lags, got [0,0,0]',
  ],
  [
    'a failover to a replica that there is not',
    { ...SCENARIO, faults: [FAILOVER] },
    's.json: faults[0].replica: r1 has 1 replica, and no replica 2',
  ],
  [
    'a field that there is not',
    { ...SCENARIO, color: 'red' },
    's.json: color: there is no such field; there are algorithm, options, workload, key, ttlMs, ',
  ],
  [
    'a field of a server, misspelt',
    { ...SCENARIO, servers: [{ ...SCENARIO.servers[0], replicaLagMs: [] }] },
    's.json: servers[0].replicaLagMs: there is no such field; did you mean replicaLagUs?',
  ],
  [
    'a field of a fault, misspelt',
    fault({ durationMs: 1 }),
    's.json: faults[0].durationMs: there is no such field; did you mean durationUs?',
  ],
  [
    'a field that is missing',
    { ...SCENARIO, key: undefined },
    's.json: key: it is missing; expected a text',
  ],
  [
    'a field of a fault that is missing',
    fault({ durationUs: undefined }),
    's.json: faults[0].durationUs: it is missing; expected a whole number of microseconds from 1',
  ],
  [
    'a class that is missing',
    fault({ class: undefined }),
    's.json: faults[0].class: it is missing; expected a fault with one of the fault classes of ho',
  ],
  [
    'a field of a list of lists that is missing',
    withFirst({ sectionUs: undefined }),
    's.json: clients[0].operations[0].sectionUs: it is missing; expected a whole number of micro',
  ],
  [
    'options that are no text, number or flag',
    { ...SCENARIO, options: { retry: null } },
    's.json: options.retry: expected a text, a number, true or false, got null',
  ],
  [
    'a host that there is not',
    fault({ host: 'C' }),
    's.json: faults[0]: there is no host C; did you mean A or B?',
  ],
  [
    'an operation that there is not',
    fault({ at: { call: { operation: 'A9', nth: 1 } } }),
    's.json: faults[0].at: there is no operation A9; did you mean A1?',
  ],
  [
    'two faults of one name',
    { ...SCENARIO, faults: [SCENARIO.faults[0], SCENARIO.faults[0]] },
    's.json: faults[1].id: there are two faults f1; give one another name',
  ],
  ['no object at all', 42, `s.json: the file: expected ${OBJECT}, got 42`],
  ['nothing', null, `s.json: the file: expected ${OBJECT}, got null`],
  ['a list', [], `s.json: the file: expected ${OBJECT}, got []`],
  ['a list of it', [{}], `s.json: the file: expected ${OBJECT}, got [{}]`],
  [
    'options in a list',
    { ...SCENARIO, options: [] },
    's.json: options: expected an object of options, got []',
  ],
  [
    'a server that is a list',
    { ...SCENARIO, servers: [[1]] },
    's.json: servers[0]: expected an object with id, persistence and replicaLagUs, got [1]',
  ],
  [
    'an operation that is nothing',
    { ...SCENARIO, clients: [{ id: 'A', operations: [null] }] },
    's.json: clients[0].operations[0]: expected an object with id, gapUs, sectionUs, renew, mode ',
  ],
  [
    'a fault that is a list',
    { ...SCENARIO, faults: [[]] },
    's.json: faults[0]: expected a fault with one of the fault classes of holdfast explain, got []',
  ],
  [
    'a trigger without its place',
    fault({ at: { call: null } }),
    's.json: faults[0].at.call: expected an object with operation and nth, got null',
  ],
  [
    'a trigger with a list for its place',
    fault({ at: { call: [] } }),
    's.json: faults[0].at.call: expected an object with operation and nth, got []',
  ],
  [
    'a trigger that is wrong inside',
    fault({ at: { call: { operation: 'A1', nth: '7' } } }),
    's.json: faults[0].at.call.nth: expected a whole number from 1 on, got "7"',
  ],
  [
    'a trigger with a place that lacks something',
    fault({ at: { delivery: { operation: 'A1' } } }),
    's.json: faults[0].at.delivery.nth: it is missing; expected a whole number from 1 on',
  ],
  [
    'two triggers in one',
    fault({ at: { atUs: 1, call: { operation: 'A1', nth: 7 } } }),
    's.json: faults[0].at: expected {"atUs": …}, {"call": {"operation": "A1", "nth": 1}} or',
  ],
  [
    'a client of the name that the probe has',
    { ...SCENARIO, clients: [{ id: 'P', operations: [] }] },
    's.json: clients[0].id: expected a client, A to Z without P, got "P"',
  ],
  [
    'an operation of the name of another client',
    withFirst({ id: 'B2' }),
    's.json: clients[0].operations[0].id: expected A and a number, such as A1, got "B2"',
  ],
  [
    'a fault during one of no operations',
    { ...SCENARIO, clients: [{ id: 'A', operations: [] }], faults: [SCENARIO.faults[0]] },
    's.json: faults[0].at: there is no operation A1; there is none',
  ],
];

describe('a wrong scenario is refused with the path in the file', () => {
  test.each(WRONG)('%s', (_what, scenario, sentence) => {
    expect(() => parse(scenario)).toThrow(ScenarioProblem);
    expect(() => parse(scenario)).toThrow(sentence);
  });

  test('a number beyond all that there are is told as it is', () => {
    const text = JSON.stringify(SCENARIO).replace('10000,', '1e400,');
    expect(() => parseScenario('s.json', text)).toThrow(/ttlMs: .*, got Infinity$/);
  });

  test.each(['', ' \n'])('a text without anything in it: %j', (text) => {
    expect(() => parseScenario('s.json', text)).toThrow(
      `s.json: the file: expected ${OBJECT}, got nothing`,
    );
  });

  test('text that is no JSON', () => {
    expect(() => parseScenario('s.json', '{"algorithm": ')).toThrow(/^s\.json is no JSON: /);
  });
});

test('what stands in the list of scenarios could stand in a file', () => {
  for (const name of scenarioNames())
    expect(parse(scenarioNamed(name))).toEqual(scenarioNamed(name));
});

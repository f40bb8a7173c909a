/**
 * Small worlds for tests of the kernel: each test spells out what its clients do, operation by
 * operation, on calm decisions (every message takes 0.6 ms, ties go by lane), and looks at the
 * history. What a test wants otherwise it overrides by address.
 */
import type { Environment } from '../../src/algorithms/environment.js';
import { defineLock, type Grant, type LockAlgorithm } from '../../src/algorithms/lock.js';
import type { Fault, OperationId, Trigger } from '../../src/fault.js';
import type { Declarations, HistoryRecord } from '../../src/history.js';
import { inTurn } from '../../src/host/run-port.js';
import { settle } from '../../src/host/settle.js';
import { type Decision, PURPOSE, type Purpose } from '../../src/random.js';
import type { ClientPlan, Persistence, Scenario } from '../../src/scenario.js';
import { seedKey } from '../../src/seed-key.js';
import { type Service, serverNames } from '../../src/service.js';
import { type Decisions, EditedDecisions } from '../../src/sim/decisions.js';
import { type Run, simulate } from '../../src/sim/simulate.js';
import type { Locate } from '../../src/sim/trace-recorder.js';
import { defineWorkload, type Section, type Workload } from '../../src/workloads/workload.js';
import { PLAIN_OPERATION } from '../plain-operation.js';

export const KEY = seedKey('calm');
/** Of a message in either direction, unless a test decides otherwise. */
export const LATENCY_US = 600;
export const ROUND_TRIP_US = 2 * LATENCY_US;

/** What a client does in one operation. */
export interface Act {
  /** Runs inside the acquire; what it returns is granted if it is a grant. */
  acquire(environment: Environment): unknown;
  /** Runs inside the section of that grant; the answer says whether the work was completed. */
  section?(section: Section, environment: Environment): Promise<boolean> | boolean;
}

/** The code of all clients, by operation: `A1`, `A2`, `B1`, … */
export type Script = Readonly<Record<OperationId, Act | Act['acquire']>>;

export interface Setting {
  readonly faults?: readonly Fault[];
  /** How long a client waits before an operation; default 0. */
  readonly gapsUs?: Readonly<Record<OperationId, number>>;
  readonly servers?: number;
  /** Of which service they are; default `redis`. */
  readonly service?: Service;
  readonly persistence?: Persistence;
  readonly replicaLagUs?: readonly number[];
  /** What the lock declares of itself. */
  readonly declares?: Declarations;
  /** SQL run on the servers beforehand. */
  readonly schema?: string;
  readonly ttlMs?: number;
  readonly waitMs?: number;
  /** Decisions that are not calm. */
  readonly overrides?: readonly Decision[];
  readonly decisions?: Decisions;
  readonly trace?: { readonly locate?: Locate };
}

/** A grant that promises nothing and can be given back. */
export function bareGrant(more: Partial<Grant> = {}): Grant {
  return { granted: true, release: () => Promise.resolve(true), ...more };
}

/** An operation that gets its lock at once, enters, takes so many steps, and has done its work. */
export function stepping(steps: number): Act {
  return {
    acquire: () => bareGrant(),
    section: (section) => {
      section.enter();
      for (let step = 0; step < steps; step++) section.step();
      return true;
    },
  };
}

/** A client dies; without a time it does not come back. */
export function crash(
  at: Trigger,
  more: {
    mode?: 'kill' | 'power';
    restartAfterUs?: number | null;
    id?: string;
    host?: string;
  } = {},
): Fault {
  const { mode = 'kill', restartAfterUs = null, id = 'f1', host = 'A' } = more;
  return { id, class: 'client-crash', at, host, mode, restartAfterUs };
}

/** One decision that is not calm. `operation` is the number in the id of the client operation. */
export function override(
  subject: number,
  purpose: Purpose,
  operation: number,
  ordinal: number,
  value: number,
): Decision {
  return { subject, purpose: PURPOSE[purpose], operation, ordinal, n: 0x4000_0000, value };
}

/** Subjects of decisions: a client, and its link to a server (both counted from 0). */
export const subjectOf = (client: number): number => client + 1;
export const linkOf = (client: number, server = 0): number => 128 + client * 64 + server;

export const at = (atUs: number): Trigger => ({ atUs });
export const call = (operation: OperationId, nth: number): Trigger => ({
  call: { operation, nth },
});
export const delivery = (operation: OperationId, nth: number): Trigger => ({
  delivery: { operation, nth },
});

/** The scenario of a script: a client for each letter, an operation for each entry. */
export function scenarioOf(script: Script, setting: Setting = {}): Scenario {
  const clients = new Map<string, ClientPlan['operations'][number][]>();
  for (const id of Object.keys(script)) {
    const operations = clients.get(id[0]!) ?? [];
    operations.push({ id, gapUs: setting.gapsUs?.[id] ?? 0, sectionUs: 1_000, ...PLAIN_OPERATION });
    clients.set(id[0]!, operations);
  }
  const { persistence = 'everysec', replicaLagUs = [0] } = setting;
  return {
    algorithm: 'scripted',
    options: {},
    workload: 'scripted',
    key: 'job',
    ttlMs: setting.ttlMs ?? 10_000,
    waitMs: setting.waitMs ?? 20_000,
    longestSectionUs: 5_000_000,
    servers: serverNames(setting.service ?? 'redis', setting.servers ?? 1).map((id) => ({
      id,
      persistence,
      replicaLagUs,
    })),
    clients: [...clients].map(([id, operations]) => ({ id, operations })),
    faults: setting.faults ?? [],
  };
}

/** A lock and a workload that do what the script says. The probe is refused at once. */
export function scripted(
  script: Script,
  schema?: string,
): { algorithm: LockAlgorithm; workload: Workload } {
  let operation: OperationId = '';
  const acts = new WeakMap<Grant, { act: Act; environment: Environment }>();
  const algorithm = defineLock({
    name: 'scripted',
    summary: 'Does what a test says.',
    source: 'test/sim/run.ts',
    services: { redis: 1 },
    options: {},
    ...(schema !== undefined && { schema }),
    claims: {},
    create: (environment) => ({
      acquire: async () => {
        const entry = script[operation];
        if (entry === undefined) return { granted: false, reason: 'no script' };
        const act = typeof entry === 'function' ? { acquire: entry } : entry;
        const answer = (await act.acquire(environment)) as Grant | undefined;
        if (answer?.granted !== true) return { granted: false, reason: 'no grant' };
        acts.set(answer, { act, environment });
        return answer;
      },
    }),
  });
  const workload = defineWorkload({
    name: 'scripted',
    summary: 'Acquires, and does inside what the script says.',
    async operation(client, plan) {
      operation = plan.id;
      const grant = await client.acquire();
      if (!grant.granted) return;
      await client.hold(grant, async (section) => {
        const { act, environment } = acts.get(grant)!;
        return (await act.section?.(section, environment)) ?? true;
      });
    },
  });
  return { algorithm, workload };
}

/** Runs a script. */
export function runScript(script: Script, setting: Setting = {}): Promise<Run> {
  const { algorithm, workload } = scripted(script, setting.schema);
  const declaring = { ...algorithm, declares: setting.declares ?? {} };
  return runLock(declaring, workload, scenarioOf(script, setting), setting);
}

/** Runs a scenario with a lock and a workload, on calm decisions unless it says otherwise. */
export function runLock(
  algorithm: LockAlgorithm,
  workload: Workload,
  scenario: Scenario,
  setting: Pick<Setting, 'decisions' | 'overrides' | 'trace'> = {},
): Promise<Run> {
  const { trace } = setting;
  const decisions = setting.decisions ?? new EditedDecisions(KEY, setting.overrides ?? [], true);
  return inTurn(() =>
    simulate(scenario, {
      algorithm,
      workload,
      decisions,
      settle,
      ...(trace === undefined ? {} : { trace }),
    }),
  );
}

/** The records of one type. */
export function recordsOf<T extends HistoryRecord['type']>(
  run: Run,
  type: T,
): Extract<HistoryRecord, { type: T }>[] {
  return run.history.records.filter((record) => record.type === type) as never;
}

/** Resolves, or is thrown away, as the promise is: `['ok', value]` or `['error', error]`. */
export function outcome<T>(promise: Promise<T>): Promise<['ok', T] | ['error', Error]> {
  return promise.then(
    (value): ['ok', T] => ['ok', value],
    (error: Error): ['error', Error] => ['error', error],
  );
}

/**
 * From what somebody asked for to the plan of a campaign: the lock's options, the campaign's own,
 * the defaults. What is out of range is said in one sentence, before anything runs.
 */
import type { LockAlgorithm } from '../algorithms/lock.js';
import type { OptionSpecs } from '../algorithms/option-spec.js';
import { acceptedRange } from '../algorithms/option-words.js';
import { acceptedValue, OptionError, resolveOptions } from '../algorithms/options.js';
import { progressBoundUs } from '../bounds.js';
import { FAULT_CLASSES, type FaultClass } from '../fault.js';
import type { ConfigurationReport } from '../report.js';
import {
  type OptionValue,
  PERSISTENCE,
  type Persistence,
  type Scenario,
  TTL_MAX_MS,
  WAIT_MAX_MS,
} from '../scenario.js';
import { serviceOf } from '../service.js';
import { LATENCY_RARE_US } from '../sim/limits.js';
import { otherTerm } from '../sim/services/lease-bounds.js';
import { type CampaignPlan, CLIENTS_MAX, fewestClients } from './generate.js';
import { declarationsOf, replicasOf, serversOf } from './resolve-scenario.js';

/** What a campaign is asked to be; everything else has a default. */
export interface PlanRequest {
  readonly faultClasses?: readonly FaultClass[];
  readonly clients?: number;
  readonly ttlMs?: number;
  readonly waitMs?: number;
  readonly workload: string;
  /** How many sections an operation of the workload may last; default 1. */
  readonly sectionsEach?: number;
  /** Options of the lock and of the campaign, by name. */
  readonly set: Readonly<Record<string, OptionValue>>;
}

export const DEFAULT_TTL_MS = 10_000;
const LOCK_KEY = 'orders';

/** Options of the campaign that `--set` takes beside the lock's own. */
export const CAMPAIGN_OPTIONS = {
  sectionMs: {
    kind: 'number',
    default: 0,
    min: 1,
    max: 10 * TTL_MAX_MS,
    doc: 'longest section; default half the TTL',
  },
  operations: {
    kind: 'number',
    default: 3,
    min: 1,
    max: 100,
    integer: true,
    doc: 'operations of each client',
  },
  faultsMax: {
    kind: 'number',
    default: 6,
    min: 0,
    max: 50,
    integer: true,
    doc: 'most faults in one run',
  },
  driftPpm: {
    kind: 'number',
    default: 500,
    min: 1,
    max: 500_000,
    integer: true,
    doc: 'largest clock drift; beyond 500 claims do not apply',
  },
  persistence: {
    kind: 'choice',
    default: 'everysec',
    values: PERSISTENCE,
    doc: 'what a server keeps over a crash',
  },
} as const satisfies OptionSpecs;

/** Resolves a request; throws `OptionError` with one sentence. */
export function resolvePlan(algorithm: LockAlgorithm, request: PlanRequest): CampaignPlan {
  const own: Record<string, OptionValue> = {};
  const campaign: Record<string, OptionValue> = {};
  for (const [name, value] of Object.entries(request.set)) {
    const isOwn = Object.hasOwn(algorithm.options, name);
    if (!isOwn && Object.hasOwn(CAMPAIGN_OPTIONS, name)) campaign[name] = value;
    else own[name] = value;
  }
  const options = resolveOptions(algorithm, own, Object.keys(CAMPAIGN_OPTIONS));
  const ttlMs = inRange('--ttl', request.ttlMs ?? DEFAULT_TTL_MS, 1, TTL_MAX_MS);
  const waitMs = inRange('--wait', request.waitMs ?? 2 * ttlMs, 0, WAIT_MAX_MS);
  if (request.clients !== undefined) inRange('--clients', request.clients, 1, CLIENTS_MAX);
  const sectionMsMax = pick(campaign, 'sectionMs') as number;
  const { readWrite, reentrant, permits } = declarationsOf(algorithm, options);
  const replicas = replicasOf(algorithm, options);
  return {
    algorithm: algorithm.name,
    options,
    workload: request.workload,
    key: LOCK_KEY,
    ttlMs,
    waitMs,
    servers: serversOf(algorithm, options),
    ...(replicas > 1 && { replicas }),
    persistence: pick(campaign, 'persistence') as Persistence,
    ...(request.clients === undefined ? {} : { clients: request.clients }),
    operationsEach: pick(campaign, 'operations') as number,
    sectionMsMax: sectionMsMax === 0 ? ttlMs / 2 : sectionMsMax,
    ...(request.sectionsEach === undefined ? {} : { sectionsEach: request.sectionsEach }),
    faultClasses: request.faultClasses ?? FAULT_CLASSES,
    faultsMax: pick(campaign, 'faultsMax') as number,
    driftPpmMax: pick(campaign, 'driftPpm') as number,
    ...(readWrite && { readWrite }),
    ...(reentrant && { reentrant }),
    ...(permits !== undefined && { permits }),
  };
}

/** What the numbers of a request are called in it. */
const OPTION_OF = { '--ttl': 'ttlMs', '--wait': 'waitMs', '--clients': 'clients' } as const;

function inRange(name: keyof typeof OPTION_OF, value: number, min: number, max: number): number {
  if (value >= min && value <= max) return value;
  const unit = name === '--clients' ? '' : ' ms';
  const sentence = `${name} is ${value}${unit}; it takes ${min}${unit} to ${max}${unit}`;
  throw new OptionError(sentence, OPTION_OF[name]);
}

function pick(
  given: Readonly<Record<string, OptionValue>>,
  name: keyof typeof CAMPAIGN_OPTIONS,
): OptionValue {
  const spec = CAMPAIGN_OPTIONS[name];
  const value = given[name];
  if (value === undefined) return spec.default;
  const accepted = acceptedValue(spec, value);
  if (accepted !== undefined) return accepted;
  throw new OptionError(`option ${name} is ${value}; it takes ${acceptedRange(spec)}`, name);
}

/** The plan that a scenario could have been drawn from, for the configuration lines of a replay. */
export function planOfScenario(scenario: Scenario): CampaignPlan {
  const { algorithm, options, workload, key, ttlMs, waitMs, servers, clients } = scenario;
  const ofRedis = servers.filter(({ id }) => serviceOf(id) === 'redis');
  const replicas = Math.max(1, ...ofRedis.map(({ replicaLagUs }) => replicaLagUs.length));
  return {
    algorithm,
    options,
    workload,
    key,
    ttlMs,
    waitMs,
    servers: servers.map(({ id }) => id),
    ...(replicas > 1 && { replicas }),
    persistence: servers[0]?.persistence ?? CAMPAIGN_OPTIONS.persistence.default,
    clients: clients.length,
    operationsEach: Math.max(0, ...clients.map((client) => client.operations.length)),
    sectionMsMax: scenario.longestSectionUs / 1_000,
    faultClasses: [...new Set(scenario.faults.map((fault) => fault.class))],
    faultsMax: scenario.faults.length,
    driftPpmMax: CAMPAIGN_OPTIONS.driftPpm.default,
  };
}

/** The configuration in full, for the first lines of every report. */
export function describePlan(
  algorithm: LockAlgorithm,
  plan: CampaignPlan,
  more: { seed: number; runs: number; strict: boolean; transpiler?: string },
): ConfigurationReport {
  const { transpiler, ...campaign } = more;
  const fewest = fewestClients(plan);
  const granted = otherTerm(plan.servers, termAskedFor(plan));
  const bound = {
    key: plan.key,
    ttlMs: plan.ttlMs,
    waitMs: plan.waitMs,
    clients: Array.from({ length: plan.clients ?? fewest + 1 }, (_, index) => `${index}`),
    servers: [],
    probe: '',
    declares: declarationsOf(algorithm, plan.options),
    fenced: true,
    longestLatencyUs: LATENCY_RARE_US,
    longestSectionUs: plan.sectionMsMax * (plan.sectionsEach ?? 1) * 1_000,
    longestRetryUs: 0,
    largestClockStepUs: 0,
  };
  return {
    algorithm: algorithm.name,
    source: algorithm.source,
    options: plan.options,
    workload: plan.workload,
    ttlMs: plan.ttlMs,
    ...(granted !== undefined && { granted }),
    waitMs: plan.waitMs,
    sectionMsMax: plan.sectionMsMax,
    servers: plan.servers,
    ...(plan.replicas !== undefined && { replicas: plan.replicas }),
    persistence: plan.persistence,
    clients: plan.clients === undefined ? `${fewest}–${fewest + 1}` : String(plan.clients),
    operationsEach: plan.operationsEach,
    faultClasses: plan.faultClasses,
    progressBoundMs: progressBoundUs(bound) / 1_000,
    ...campaign,
    ...(transpiler === undefined ? {} : { transpiler }),
  };
}

/** Sessions of libraries last as long as the TTL, unless an option says how long. */
function termAskedFor({ options, ttlMs }: CampaignPlan): number {
  return Number(options['sessionTtlMs'] || options['sessionTimeoutMs'] || ttlMs);
}

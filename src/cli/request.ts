/** From the options of `check` and `run` to what the engine is asked. */
import type { CheckRequest } from '../host/engine-api.js';
import { UsageError } from '../host/engine-api.js';
import type { Scenario } from '../scenario.js';
import {
  durationMs,
  faultClassesOf,
  RUNS_MAX,
  seedOf,
  settingsOf,
  wholeMs,
  wholeNumber,
} from './arguments.js';

/** The options that `check` and `run` share, as text. */
export interface CampaignOptions {
  readonly faults?: string;
  readonly runs?: string;
  readonly time?: string;
  readonly seed?: string;
  readonly clients?: string;
  readonly ttl?: string;
  readonly wait?: string;
  readonly set?: readonly string[];
  readonly strict?: boolean;
  readonly perClass?: boolean;
  readonly bail?: boolean;
  readonly scenario?: string;
  readonly workload?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly trace?: string;
  /** Of `check`. */
  readonly report?: string;
}

const DEFAULT_RUNS = 2_000;
const DEFAULT_SEED = 1;
const CLIENTS_MAX = 12;

/** What a campaign is asked to be, apart from the lock. */
export function campaignOf(
  options: CampaignOptions,
): Omit<CheckRequest, 'lock' | 'ownBudget' | 'insist'> {
  const { faults, time, clients, ttl, wait, workload } = options;
  return {
    runs: runsOf(options),
    seed: options.seed === undefined ? DEFAULT_SEED : seedOf(options.seed),
    set: settingsOf(options.set ?? []),
    strict: options.strict ?? false,
    perClass: options.perClass ?? false,
    bail: options.bail ?? false,
    ...(faults !== undefined && { faultClasses: faultClassesOf(faults) }),
    ...(time !== undefined && { timeMs: positiveMs('--time', time) }),
    ...(clients !== undefined && { clients: wholeNumber('--clients', clients, 1, CLIENTS_MAX) }),
    ...(ttl !== undefined && { ttlMs: wholeMs('--ttl', ttl, 1) }),
    ...(wait !== undefined && { waitMs: wholeMs('--wait', wait, 0) }),
    ...(workload !== undefined && { workload }),
  };
}

function runsOf({ runs, time }: CampaignOptions): number {
  if (runs !== undefined) return wholeNumber('--runs', runs, 1, RUNS_MAX);
  return time === undefined ? DEFAULT_RUNS : RUNS_MAX;
}

function positiveMs(option: string, text: string): number {
  const ms = durationMs(option, text);
  if (ms > 0) return ms;
  throw new UsageError(`${option} takes a duration longer than 0; it got ${JSON.stringify(text)}`);
}

/** A name of the registry, or a file: something with a slash, or with the ending of a script. */
export function lockOf(text: string): CheckRequest['lock'] {
  return /[\\/]|\.[cm]?[jt]s$/.test(text) ? { file: text } : { name: text };
}

/** The lock that is named, or the one that the scenario is about. */
export function chosenLock(
  named: string | undefined,
  scenario: Scenario | undefined,
): CheckRequest['lock'] {
  if (named !== undefined) return lockOf(named);
  if (scenario !== undefined) return { name: scenario.algorithm };
  throw new UsageError('name a lock (holdfast list names them) or a file, or say --all');
}

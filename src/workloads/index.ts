/** The built-in workloads, by name. */
import { criticalSection } from './critical-section.js';
import { forgetful } from './forgetful.js';
import { jobRunner } from './job-runner.js';
import { leaderElection } from './leader-election.js';
import { metadataRecovery } from './metadata-recovery.js';
import { payment } from './payment.js';
import { queueWorker } from './queue-worker.js';
import { rateLimit } from './rate-limit.js';
import { readMostlyCache } from './read-mostly-cache.js';
import { ticketSeats } from './ticket-seats.js';
import { carelessly, type Workload } from './workload.js';

export const workloads: readonly Workload[] = [
  criticalSection,
  forgetful,
  jobRunner,
  leaderElection,
  metadataRecovery,
  payment,
  queueWorker,
  rateLimit,
  readMostlyCache,
  ticketSeats,
];
export const DEFAULT_WORKLOAD = criticalSection;

/** Before the name of a workload, or alone for the default one: the same by careless holders. */
export const CARELESS = 'careless';

/** The workload of a name among these; careless ones are made of the others. */
export function workloadNamed(all: readonly Workload[], name: string): Workload | undefined {
  const exact = all.find((workload) => workload.name === name);
  if (exact !== undefined) return exact;
  if (name === CARELESS) return carelessly(DEFAULT_WORKLOAD, name);
  const careful = all.find((workload) => `${CARELESS}-${workload.name}` === name);
  return careful && carelessly(careful, name);
}

/** Every name that `workloadNamed` knows among these. */
export function workloadNames(all: readonly Workload[]): string[] {
  const names = all.map(({ name }) => name);
  const careless = names.map((name) => (name === DEFAULT_WORKLOAD.name ? '' : `-${name}`));
  return [...names, ...careless.map((rest) => `${CARELESS}${rest}`)];
}

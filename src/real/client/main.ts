/**
 * One client as a process of its own: the lock and the workload of a scenario, on real servers. It
 * is started with its job, and says what happens line by line (`job.ts`).
 */
import type { LockAlgorithm } from '../../algorithms/lock.js';
import type { OptionSpecs, OptionValues } from '../../algorithms/option-spec.js';
import { findSubject } from '../../host/session.js';
import { ClientRunner, type RunContext } from '../../sim/client-runner.js';
import { EditedDecisions } from '../../sim/decisions.js';
import { OwnerIds } from '../../sim/owner-ids.js';
import { clientIndex, PROBE, probePlan } from '../../sim/simulated-run.js';
import { type Connectors, connectorsFor } from './connectors.js';
import type { ClientJob, ControlMessage, StartMessage } from './job.js';
import { JOURNAL_FD, Journal } from './journal.js';
import { RealEnvironment } from './real-environment.js';
import { RealHost, RealProcess } from './real-process.js';
import { StoreClient } from './store-client.js';
import { rehearse, warmUp } from './warm-up.js';

let ending = false;

process.on('disconnect', () => process.exit(0));

/** Resolves when the starter of this process lets it begin. */
function startOfRun(): Promise<StartMessage> {
  return new Promise((resolve) => {
    process.on('message', (message: ControlMessage) => {
      if ('go' in message && message.go === 'start') resolve(message);
    });
  });
}

async function run(job: ClientJob, journal: Journal): Promise<void> {
  const { algorithm, workload } = await findSubject(job.lock, job.scenario.workload);
  await rehearse(job, algorithm, workload);
  const connectors = await connectorsFor(job.servers);
  await warmUp(connectors);
  const started = startOfRun();
  journal.say({ line: 'ready' });
  journal.flush();
  const start = await started;
  const { process: real, environment } = worldOf(job, connectors, start, journal);
  process.on('message', (message: ControlMessage) => {
    if ('clock' in message) real.setClock(message.clock);
    else if ('strikes' in message) real.strike(message.strikes);
    else if (message.go === 'ending') ending = true;
    else if (message.go === 'exit') process.exit(0);
  });
  const { scenario, client } = job;
  const lock = algorithm.create(environment, scenario.options as OptionValues<OptionSpecs>);
  const store = new StoreClient(client, real, job.store);
  const probing = client === PROBE;
  const context = contextOf(job, algorithm);
  const runner = new ClientRunner(real, environment, lock, workload, context, store, probing);
  const plan = probing ? probePlan() : scenario.clients.find(({ id }) => id === client)!;
  const progress = { next: start.firstOperation };
  await runner.operations(plan.operations, progress);
  journal.say({ line: 'done', nextOperation: progress.next });
  journal.flush();
}

function worldOf(
  job: ClientJob,
  connectors: Connectors,
  { startNs, clock }: StartMessage,
  journal: Journal,
) {
  const { client, incarnation, key, decisions } = job;
  const index = clientIndex(client);
  const edited = new EditedDecisions(key, decisions);
  const host = new RealHost(client, index, edited, BigInt(startNs), journal);
  const real = new RealProcess(host, job, clock, journal);
  const ownerIds = new OwnerIds(key, index + 1, incarnation);
  return { process: real, environment: new RealEnvironment(real, ownerIds, job, connectors) };
}

function contextOf({ scenario, client, firstCall }: ClientJob, lock: LockAlgorithm): RunContext {
  const { key, ttlMs, waitMs } = scenario;
  const { declares = {} } = lock;
  const options = scenario.options as OptionValues<OptionSpecs>;
  let call = firstCall;
  return {
    key,
    ttlMs,
    waitMs,
    leases: { grants: new Map() },
    nextCall: () => call++,
    mayBegin: () => !ending || client === PROBE,
    declares: typeof declares === 'function' ? declares(options) : declares,
  };
}

process.once('message', (job: ClientJob) => {
  const journal = new Journal(JOURNAL_FD, job.isAwaited);
  process.on('exit', () => journal.flush());
  process.on('unhandledRejection', (error) => {
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    journal.say({ line: 'found', kind: 'unhandled-rejection', message: what });
  });
  run(job, journal).catch((error: unknown) => {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    journal.say({ line: 'found', kind: 'threw', message });
    process.exit(1);
  });
});

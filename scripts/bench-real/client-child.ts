/**
 * A client process that works on a Redis in turns, with a journal that says everything `TIMES` over
 * and with one that writes nothing, and says how much CPU each turn took. One process does both, so
 * that what is compiled and what is collected is the same.
 */
import setNx from '../../src/algorithms/set-nx.js';
import { connectorsFor } from '../../src/real/client/connectors.js';
import type { ClientJob, ClientLine } from '../../src/real/client/job.js';
import { JOURNAL_FD, Journal } from '../../src/real/client/journal.js';
import { RealEnvironment } from '../../src/real/client/real-environment.js';
import { RealHost, RealProcess } from '../../src/real/client/real-process.js';
import { StoreClient } from '../../src/real/client/store-client.js';
import { seedKey } from '../../src/seed-key.js';
import { ClientRunner } from '../../src/sim/client-runner.js';
import { EditedDecisions } from '../../src/sim/decisions.js';
import { OwnerIds } from '../../src/sim/owner-ids.js';
import { DEFAULT_WORKLOAD } from '../../src/workloads/index.js';
import { TIMES, type Turn, type Work } from './turn.js';

/** Says nothing to anybody. */
class Silent extends Journal {
  said = 0;

  override say(): void {
    this.said++;
  }

  override flush(): void {}
}

/** What it costs to say something once is lost in how much the rest of a turn varies. */
class Repeating extends Journal {
  override say(line: ClientLine): void {
    for (let said = 0; said < TIMES; said++) super.say(line);
  }
}

const key = seedKey('1');
const silent = new Silent(JOURNAL_FD, false);

process.once('message', (work: Work) => void run(work));

async function run(work: Work): Promise<void> {
  const servers = [{ server: 'r1', host: '127.0.0.1', port: work.redisPort }];
  const connectors = await connectorsFor(servers);
  const store = { server: 'store', host: '127.0.0.1', port: work.storePort };
  const scenario = {} as ClientJob['scenario'];
  const common = { lock: { name: 'set-nx' }, scenario, client: 'A', incarnation: 1 };
  const fresh = { firstCall: 1, poolers: [], key, decisions: [], faults: [], isAwaited: false };
  const job: ClientJob = { ...common, ...fresh, servers, store };
  const clock = { wallOffsetUs: 0, ratePpm: 0 };
  const arms = [new Repeating(JOURNAL_FD, false), silent].map((journal) => {
    const decisions = new EditedDecisions(key, []);
    const host = new RealHost('A', 0, decisions, process.hrtime.bigint(), journal);
    const real = new RealProcess(host, job, clock, journal);
    const environment = new RealEnvironment(real, new OwnerIds(key, 1, 1), job, connectors);
    return { journal, runner: runnerOf(real, environment, store) };
  });
  for (let number = 0; number < work.turns; number++) {
    const { journal, runner } = arms[number % 2]!;
    const from = number * work.operations;
    const linesBefore = silent.said;
    const before = process.cpuUsage();
    await runner.operations(plansFrom(from, work.operations), { next: 0 });
    journal.flush();
    const { user, system } = process.cpuUsage(before);
    const lines = silent.said - linesBefore;
    const turn: Turn = { recorded: journal !== silent, cpuUs: user + system, lines };
    process.send!(turn);
  }
  process.exit(0);
}

function plansFrom(from: number, count: number) {
  return Array.from({ length: count }, (_none, index) => {
    const id = `A${from + index + 1}`;
    const plain = { renew: false, mode: 'exclusive', nested: false } as const;
    return { id, gapUs: 0, sectionUs: 0, ...plain };
  });
}

function runnerOf(
  real: RealProcess,
  environment: RealEnvironment,
  store: ClientJob['store'],
): ClientRunner {
  let call = 0;
  const { options } = setNx;
  const values = Object.entries(options).map(([name, option]) => [name, option.default]);
  const lock = setNx.create(environment, Object.fromEntries(values));
  const context = {
    key: 'orders',
    ttlMs: 10_000,
    waitMs: 1_000,
    leases: { grants: new Map() },
    nextCall: () => ++call,
    mayBegin: () => true,
    declares: {},
  };
  const access = new StoreClient('A', real, store);
  return new ClientRunner(real, environment, lock, DEFAULT_WORKLOAD, context, access, false);
}

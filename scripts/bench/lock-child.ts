/** A process of its own that runs the search on one lock and prints how fast it was. */
import { REPETITIONS } from './arm.js';
import type { LockSpeed } from './lock-arms.js';
import { SearchBench } from './search-speed.js';

/** By then nothing is compiled any more. */
const WARM_UP_MS = 6_000;
const BATCH_MS = 500;
const PROBE_RUNS = 100;

Error.stackTraceLimit = 0;
const bench = threeAcquisitions(process.argv[2]!);
let { runsPerS } = await bench.measure(PROBE_RUNS);
const startMs = performance.now();
while (performance.now() - startMs < WARM_UP_MS) ({ runsPerS } = await bench.measure(PROBE_RUNS));
const batch = Math.max(PROBE_RUNS, Math.round((runsPerS * BATCH_MS) / 1_000));
const measured = [];
for (let repetition = 0; repetition < REPETITIONS; repetition++) {
  measured.push(await bench.measure(batch));
}
const events = measured.reduce((sum, { eventsPerRun }) => sum + eventsPerRun, 0);
const speed: LockSpeed = {
  operations: bench.plan.operationsEach,
  runsPerS: measured.map((one) => one.runsPerS),
  eventsPerRun: events / REPETITIONS,
  shares: bench.shares(),
  acquisitionsPerRun: await bench.acquisitionsPerRun(PROBE_RUNS),
};
process.stdout.write(JSON.stringify(speed));

/**
 * Two clients with three acquisitions each: an operation on a reentrant lock acquires once, twice
 * or three times, so that two of them make three.
 */
function threeAcquisitions(name: string): SearchBench {
  const bench = new SearchBench(name, 2);
  return bench.plan.reentrant ? new SearchBench(name, 2, 2) : bench;
}

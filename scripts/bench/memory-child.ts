/**
 * A process of its own for the memory figures: a long campaign through the engine with its one
 * worker (peak memory), or in this thread with collections forced on the way (heap growth).
 */
import { createEngine } from '../../src/host/engine.js';
import { SearchBench } from './search-speed.js';

const [mode, runsText] = process.argv.slice(2);
const runs = Number(runsText);

async function peak(): Promise<void> {
  const engine = createEngine();
  const report = await engine.check(
    {
      lock: { name: 'set-nx' },
      runs,
      seed: 1,
      set: {},
      strict: false,
      perClass: false,
      bail: false,
      ownBudget: false,
    },
    { configuration: () => {}, progress: () => {} },
    new AbortController().signal,
  );
  await engine.close();
  const peakMb = process.resourceUsage().maxRSS / 1_024;
  process.stdout.write(JSON.stringify({ runs: report.runs, peakMb }));
}

async function growth(): Promise<void> {
  const bench = new SearchBench('set-nx');
  const collect = globalThis.gc as () => void;
  const heapMb = () => {
    collect();
    return process.memoryUsage().heapUsed / 1_048_576;
  };
  Error.stackTraceLimit = 0;
  await bench.measure(runs / 10);
  const earlyMb = heapMb();
  await bench.measure(runs - runs / 10);
  process.stdout.write(JSON.stringify({ earlyMb, lateMb: heapMb() }));
}

await (mode === 'peak' ? peak() : growth());

/**
 * Soaks a lock for some short rounds, and says which of their runs are still in memory when the
 * last has been told of. Started by `forgets.test.ts` with `--expose-gc` and the folder of the
 * built package, which client processes are started from.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// Client processes are of the built package: they need neither a transpiler nor what we look with.
process.execArgv.length = 0;

const [built, rounds, roundMs] = process.argv.slice(2);
const load = (file: string) => import(pathToFileURL(path.join(built!, file)).href);

const { createEngine } = (await load(
  'host/engine.js',
)) as typeof import('../../../src/host/engine.js');
const { soak } = (await load(
  'real/soak/soak.js',
)) as typeof import('../../../src/real/soak/soak.js');
const { FreeRun } = (await load(
  'real/check/free-run.js',
)) as typeof import('../../../src/real/check/free-run.js');

const runs: WeakRef<object>[] = [];
const { play } = FreeRun.prototype;
FreeRun.prototype.play = function remembered(...args) {
  runs.push(new WeakRef(this));
  return play.apply(this, args);
};

const engine = createEngine();
const run = {
  lock: { name: 'set-nx' },
  run: 0,
  runs: 1,
  seed: 1,
  clients: 2,
  ttlMs: 300,
  set: {},
  strict: false,
  perClass: false,
  bail: false,
  ownBudget: false,
  faultClasses: ['interleaving'],
} as const;
const request = { run, timeMs: 600_000, roundMs: Number(roundMs), troubles: [] };
const enough = new AbortController();
let told = 0;
const count = () => {
  told++;
  if (told === Number(rounds)) enough.abort();
};
await soak(engine, request, count, enough.signal);
await engine.close();
// What a turn of the event loop holds is let go when it is over.
for (let turn = 0; turn < 3; turn++) {
  await new Promise((resolve) => setImmediate(resolve));
  global.gc!();
}
const kept = runs.flatMap((one, round) => (one.deref() === undefined ? [] : [round]));
process.stdout.write(JSON.stringify({ played: runs.length, kept }));
process.exit(0);

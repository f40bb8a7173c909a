/**
 * What recording costs a client process: `npm run bench:real` has one work on a real Redis in
 * turns, with its journal and without, and writes the section "What recording costs" of
 * reports/conformance.md.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { JOURNAL_FD } from '../../src/real/client/journal.js';
import { startRedis } from '../../src/real/servers/redis.js';
import { StoreServer } from '../../src/real/store-server.js';
import { withSection } from '../conformance/report.js';
import { TIMES, type Turn, type Work } from './turn.js';

const TURNS = 40;
const OPERATIONS = 500;
/** Code gets fast in the first turns. */
const WARM_UP_TURNS = 8;
/** SET, one read and one write of the resource, and the script that deletes. */
const REQUESTS = 4;
const PAGE = path.resolve('reports/conformance.md');
const CHILD = fileURLToPath(new URL('./client-child.js', import.meta.url));

function work(plan: Work): Promise<Turn[]> {
  const child = spawn(process.execPath, ['--max-semi-space-size=8', CHILD], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'ipc'],
  });
  const turns: Turn[] = [];
  // Read as the reader of a real run does, and thrown away.
  child.stdio[JOURNAL_FD]!.on('data', () => {});
  child.on('message', (turn: Turn) => turns.push(turn));
  child.send(plan);
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      if (code === 0) resolve(turns);
      else reject(new Error(`the client process ended with ${code}`));
    });
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function section(turns: readonly Turn[], redis: string): string {
  const counted = turns.slice(WARM_UP_TURNS);
  const each = (recorded: boolean) =>
    median(counted.filter((turn) => turn.recorded === recorded).map(({ cpuUs }) => cpuUs)) /
    OPERATIONS;
  const [with_, without] = [each(true), each(false)];
  const lines = median(counted.filter(({ recorded }) => !recorded).map((turn) => turn.lines));
  const costUs = (with_ - without) / TIMES;
  const us = (value: number) => value.toFixed(1);
  const row = (name: string, valueUs: number) =>
    `| ${name} | ${us(valueUs)} µs | ${us(valueUs / REQUESTS)} µs |`;
  return [
    '## What recording costs',
    '',
    `One client process takes \`set-nx\` on a real server (redis ${redis}) and gives it back, as`,
    `fast as it can: ${REQUESTS} requests an operation, of which its journal says`,
    `${us(lines / OPERATIONS)} lines. CPU time of that process, user and system, median of`,
    `${counted.length / 2} turns of ${OPERATIONS.toLocaleString('en')} operations each, by turns`,
    `without a journal and with one that says every line ${TIMES} times: what saying it once costs`,
    'is less than turns differ. Written by `npm run bench:real`.',
    '',
    '| | CPU an operation | CPU a request |',
    '| --- | ---: | ---: |',
    row('without a journal', without),
    row(`with one that says everything ${TIMES} times`, with_),
    row(`**recording**: the difference, divided by ${TIMES}`, costUs),
    `| recording / without | ${(costUs / without).toFixed(3)} | |`,
    '',
  ].join('\n');
}

const redis = await startRedis({ id: 'r1', persistence: 'none' });
const store = new StoreServer(
  () => 0,
  () => {},
);
await store.listen();
try {
  const ports = { redisPort: redis.port, storePort: store.port };
  const turns = await work({ ...ports, turns: TURNS, operations: OPERATIONS });
  const text = section(turns, redis.version);
  console.log(text);
  writeFileSync(PAGE, withSection(readFileSync(PAGE, 'utf8'), text));
} finally {
  store.close();
  await redis.stop();
}

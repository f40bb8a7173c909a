/**
 * The simulated servers beside the real ones: `npm run conformance` plays generated sequences on
 * both, and writes reports/conformance-servers.json and a section of reports/conformance.md. Names
 * of services restrict it to them; `--times 10` plays ten times as many, `--seed text` others.
 * It ends with 1 if a divergence is not explained.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { conformEtcd } from './conformance/etcd/index.js';
import { conformPostgres } from './conformance/postgres/index.js';
import { conformRedis } from './conformance/redis/index.js';
import { serverSection, withSection } from './conformance/report.js';
import type { Result } from './conformance/result.js';
import type { Wish } from './conformance/run.js';
import { describeDivergence } from './conformance/words.js';
import { conformZooKeeper } from './conformance/zookeeper/index.js';

const SERVICES: Readonly<Record<string, (wish: Wish) => Promise<Result>>> = {
  redis: conformRedis,
  postgres: conformPostgres,
  etcd: conformEtcd,
  zookeeper: conformZooKeeper,
};

const place = (name: string) => fileURLToPath(new URL(`../reports/${name}`, import.meta.url));
const DATA = place('conformance-servers.json');
const PAGE = place('conformance.md');

interface Document {
  readonly format: 'holdfast-conformance';
  readonly v: 1;
  readonly services: readonly Result[];
}

function fail(message: string, status = 64): never {
  console.error(message);
  process.exit(status);
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        times: { type: 'string', default: '1' },
        seed: { type: 'string', default: '1' },
      },
    });
  } catch (error) {
    return fail(words(error));
  }
}

function readWish(): { readonly services: readonly string[]; readonly wish: Wish } {
  const { values, positionals } = readOptions();
  const known = Object.keys(SERVICES);
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) fail(`${unknown} is no service; known are ${known.join(', ')}`);
  const times = Number(values.times);
  if (!(times > 0)) fail(`--times ${values.times} is no number above 0, such as 10 or 0.1`);
  const services = positionals.length === 0 ? known : positionals;
  return { services, wish: { times, seed: values.seed } };
}

function write(results: readonly Result[]): void {
  const before = existsSync(DATA)
    ? (JSON.parse(readFileSync(DATA, 'utf8')) as Document)
    : undefined;
  const all = Object.keys(SERVICES).flatMap(
    (name) =>
      results.find(({ service }) => service === name) ??
      before?.services.find(({ service }) => service === name) ??
      [],
  );
  const document: Document = { format: 'holdfast-conformance', v: 1, services: all };
  writeFileSync(DATA, `${JSON.stringify(document, null, 2)}\n`);
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : undefined;
  writeFileSync(PAGE, withSection(page, serverSection(all)));
}

const { services, wish } = readWish();
const results: Result[] = [];
for (const name of services) {
  const result = await SERVICES[name]!(wish).catch((error: unknown) => fail(words(error), 2));
  results.push(result);
  const { commands, unit, sequences, seconds, divergences } = result;
  console.log(
    `${name.padEnd(10)} ${commands} ${unit} in ${sequences} sequences, ${seconds} s: ` +
      `${divergences.length} divergences`,
  );
  for (const divergence of divergences) console.log(`\n${describeDivergence(name, divergence)}`);
  write(results);
}
process.exitCode = results.some(({ divergences }) => divergences.length > 0) ? 1 : 0;

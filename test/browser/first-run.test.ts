/**
 * What a page loads of the simulator until its first run is judged: not more than that run needs
 * (docs/decisions/0017).
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Scenario } from '../../src/scenario.js';
import type { RunPlan } from '../../src/search/replay-code.js';
import { ROOT } from '../architecture/source.js';
import { drawn, KEY } from '../lab/played.js';
import { type OpenedPage, withBrowser } from './chromium.js';

let opened: OpenedPage | undefined;
beforeAll(async () => {
  opened = await withBrowser();
});
afterAll(() => opened?.close());

const ASSETS = path.join(ROOT, 'dist/web/assets');

/** The chunks that the worker got for a run in a fresh page, with their compressed sizes. */
async function chunksFor({ open }: OpenedPage, lock: string): Promise<Map<string, number>> {
  const { page } = await open();
  // What the page itself comes with is not the run's.
  await page.waitForLoadState('networkidle');
  const html = await page.content();
  const plan: RunPlan = { scenario: withoutRenewing(lock), key: KEY };
  const chunks = new Map<string, number>();
  page.on('request', (request) => note(request.url()));
  const note = (url: string) => {
    const name = path.basename(url);
    if (!name.endsWith('.js') || html.includes(name)) return;
    chunks.set(name, gzipSync(readFileSync(path.join(ASSETS, name)), { level: 9 }).length);
  };
  for (const name of readdirSync(ASSETS)) if (name.startsWith('worker-')) note(name);
  await page.evaluate((one) => window.simulator.play(one), plan);
  return chunks;
}

/** A calm run; who renews sends a script, whatever lock it is. */
function withoutRenewing(lock: string): Scenario {
  const scenario = drawn(lock, 0, { faultClasses: [], clients: 2 });
  const clients = scenario.clients.map(({ id, operations }) => ({
    id,
    operations: operations.map((plan) => ({ ...plan, renew: false })),
  }));
  return { ...scenario, clients };
}

const sum = (chunks: ReadonlyMap<string, number>) =>
  [...chunks.values()].reduce((a, b) => a + b, 0);

it.each([
  ['set-nx', 66_000],
  ['blind-delete', 51_500],
])('a first run of %s takes %i bytes of compressed code at most', async (lock, most) => {
  if (opened === undefined) return;
  const chunks = await chunksFor(opened, lock);
  expect(sum(chunks), [...chunks].join('\n')).toBeLessThan(most);
  expect([...chunks.keys()].some((name) => name.startsWith(`${lock}-`))).toBe(true);
});

it('collections, Lua and its libraries come to a run that needs them', async () => {
  if (opened === undefined) return;
  const names = (chunks: ReadonlyMap<string, number>) => [...chunks.keys()].join();
  expect(names(await chunksFor(opened, 'blind-delete'))).not.toContain('lua');
  const needed = names(await chunksFor(opened, 'redisson-fair'));
  for (const part of ['group_collections-', ',lua-', 'group_lua-libraries-']) {
    expect(needed).toContain(part);
  }
});

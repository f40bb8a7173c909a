/** Every view is an address, and Back returns to what was seen before. */
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compression } from '../../src/host/session.js';
import { thePause } from '../../src/lessons/06-the-pause.js';
import { applyPatch, type Patch } from '../../src/lessons/patch.js';
import { pauseAt } from '../../src/lessons/start.js';
import { encodeReplay } from '../../src/search/replay-code.js';
import { planOf } from '../lessons/running.js';
import { type OpenedPage, withBrowser } from './chromium.js';
import { drawn, pressAndWait, settled } from './explore-page.js';
import { brokenRun, type KnownRun } from './runs.js';

let opened: OpenedPage | undefined;
let run: KnownRun;
beforeAll(async () => {
  opened = await withBrowser();
  run = await brokenRun();
});
afterAll(() => opened?.close());

/** A place in the run that is not where it opens. */
const WHERE = 't=1000000&z=500000_2000000';
const alertOf = (page: Page) => page.getByRole('alert').textContent();

describe('the address of a view', () => {
  it('restores cursor, choice, stretch and what is explained', async () => {
    if (opened === undefined) return;
    const { model, replay } = run;
    const row = 3;
    const host = model.hosts[model.host[row]!]!.id;
    const number = [...model.host.slice(0, row)].filter((one) => one === model.host[row]).length;
    const path = `#/x?run=${replay}&${WHERE}&sel=${host}:${number}&e=0&x=time`;
    const { page, complaints } = await opened.open({}, path);
    const shown = await settled(page);
    expect(shown).toMatchObject({ row, cursorUs: 1_000_000, isExplained: true });
    expect([shown.from, shown.until]).toEqual([500_000, 2_000_000]);
    const { digest } = model.file.meta;
    expect(shown.address).toContain(`h=${digest.slice(0, 8)}`);
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('is that of the same view when it is opened elsewhere', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open({}, `#/x?run=${run.replay}`);
    await settled(page);
    const { address, ...there } = await pressAndWait(page, 'Home', 'w', '.', 'd');
    const { page: other } = await opened.open({}, address);
    const { address: again, ...here } = await settled(other);
    expect(again).toBe(address);
    expect(here).toEqual(there);
  });

  it('leads Back through what was chosen, and Forward again', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open({}, `#/x?run=${run.replay}`);
    const first = await settled(page);
    const second = await pressAndWait(page, 'Home');
    const third = await pressAndWait(page, 'ArrowRight', 'w', 'w');
    expect([second.row, third.row]).toEqual([0, 1]);
    await page.goBack();
    expect(await settled(page)).toEqual(second);
    await page.goBack();
    expect(await settled(page)).toEqual(first);
    await page.goForward();
    await page.goForward();
    expect(await settled(page)).toEqual(third);
  });

  it('of another run says so, with both digests and both engines', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open({}, `#/x?run=${run.replay}&${WHERE}&h=0badcafe&v=0.0.9`);
    await drawn(page);
    const said = await alertOf(page);
    const { digest, engine } = run.model.file.meta;
    for (const part of ['0badcafe', 'engine 0.0.9', digest.slice(0, 8)]) {
      expect(said).toContain(part);
    }
    expect(said).toMatch(/here .*engine \d+\.\d+\.\d+/);
    expect(engine).toBe('test');
  });

  it('with a replay code that was cut short says that, and draws nothing', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open({}, `#/x?run=${run.replay.slice(0, -9)}`);
    expect(await alertOf(page)).toMatch(/replay code|code/);
    expect(await page.locator('canvas').count()).toBe(0);
  });
});

describe('the Lab', () => {
  const says = (page: Page) => page.locator('.stage-of-lab [role="status"]').first();
  const codeOf = (durationMs: number) => {
    const plan = planOf(thePause, thePause.steps[0]!);
    const edited = applyPatch(plan, [{ set: 'fault', to: pauseAt(1_000, durationMs) }]);
    return encodeReplay({ ...edited, digest: '0badcafe0badcafe' }, compression);
  };

  it('follows an address while it is open, and Back', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open({}, `#/lab?run=${codeOf(12_000)}`);
    await says(page).filter({ hasText: 'stale-belief' }).waitFor();
    const harmless = `#/lab?run=${codeOf(2_000)}`;
    await page.evaluate((address) => {
      location.hash = address;
    }, harmless);
    await says(page).filter({ hasText: 'nothing breaks' }).waitFor();
    await page.goBack();
    await says(page).filter({ hasText: 'stale-belief' }).waitFor();
    await page.context().close();
  });

  it('says what was copied, and gives it where the clipboard is closed', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open({ permissions: ['clipboard-write'] }, '#/lab');
    await page.getByRole('button', { name: 'Copy as test' }).click();
    await page.getByText('The test is in the clipboard.').waitFor();
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('closed'));
    });
    await page.getByRole('button', { name: 'Copy as command' }).click();
    await page
      .getByText('does not let this page copy. The command: npx holdfast replay hf')
      .waitFor();
    await page.context().close();
  });

  it('says that its address is of another run, with both digests and both engines', async () => {
    if (opened === undefined) return;
    const code = codeOf(12_000);
    for (const path of [`#/lab?run=${code}&v=0.0.9`, `#/cmp?a=${code}&b=${code}&v=0.0.9`]) {
      const { page } = await opened.open({}, path);
      const banner = page.getByRole('alert').filter({ hasText: '0badcafe…' });
      await banner.waitFor();
      expect(await banner.textContent()).toMatch(/engine 0\.0\.9.*here .*engine \d+\.\d+\.\d+/);
      await page.context().close();
    }
  });
});

it('an address of two runs opens both of them, elsewhere and on Back', async () => {
  if (opened === undefined) return;
  const other = encodeReplay({ ...planOf(thePause, thePause.steps[0]!), digest: '' }, compression);
  const { page } = await opened.open({}, `#/cmp?a=${run.replay}&b=${run.replay}`);
  const said = page.locator('main > [role="status"]');
  await said.filter({ hasText: 'Every call and every access ends alike' }).waitFor();
  await page.evaluate((address) => {
    location.hash = address;
  }, `#/cmp?a=${run.replay}&b=${other}`);
  await said.filter({ hasText: 'First divergence' }).waitFor();
  await page.goBack();
  await said.filter({ hasText: 'Every call and every access ends alike' }).waitFor();
  await page.context().close();
});

it('says when the other lock has no server for a fault of the plan', async () => {
  if (opened === undefined) return;
  const plan = planOf(thePause, thePause.steps[0]!);
  const crash: Patch = [
    {
      set: 'fault',
      to: { id: 'f2', class: 'server-crash', at: { atUs: 9 }, host: 'r1', restartAfterUs: 9 },
    },
  ];
  const code = encodeReplay({ ...applyPatch(plan, crash), digest: '' }, compression);
  const { page } = await opened.open({}, `#/cmp?a=${code}`);
  const second = page.getByRole('group', { name: 'Second' });
  await second.getByLabel('Lock').selectOption('etcd-mutex');
  await second.getByRole('button', { name: 'This lock under the other' }).click();
  await page.getByText('Second: 1 fault of servers that etcd-mutex does not have').waitFor();
  await page.context().close();
});

describe('a trace that came with the page', () => {
  const broken: readonly (readonly [string, () => string, RegExp])[] = [
    ['is cut short', () => run.text.slice(0, -40), /ends in the middle/],
    ['has another version', () => run.text.replace('"v":1', '"v":9'), /v is 9.*version 1/],
    ['goes back in time', () => changed('dt', 3, -5), /ev\.dt\[3\]/],
    ['names a host that is none', () => changed('host', 2, 99), /ev\.host\[2\]/],
    ['is no JSON', () => 'trace', /is no JSON/],
  ];

  for (const [name, text, says] of broken) {
    it(`that ${name} is refused with a sentence that names it, and nothing is drawn`, async () => {
      if (opened === undefined) return;
      const { page } = await opened.open({}, '#/x', { 'trace.json': text() });
      const said = await alertOf(page);
      expect(said).toContain('trace.json');
      expect(said).toMatch(says);
      expect(await page.locator('canvas').count()).toBe(0);
    });
  }

  it('opens at its violation', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open({}, '#/x', { 'trace.json': run.text });
    const { row } = await settled(page);
    expect(row).toBe(Math.max(...run.model.file.violations[0]!.witness));
  });
});

describe('a trace that is chosen', () => {
  it('is opened, and refused with its name if it is damaged; then another one can be', async () => {
    if (opened === undefined) return;
    const { page, complaints } = await opened.open({}, '#/x');
    const input = page.locator('.open input');
    const choose = (name: string, buffer: Buffer) =>
      input.setInputFiles({ name, mimeType: '', buffer });
    const zipped = gzipSync(run.text);
    for (const [name, bytes, says] of [
      ['run.json.gz', zipped.subarray(0, 400), 'run.json.gz is compressed by gzip, and damaged'],
      ['odd.json', Buffer.from('[1]'), 'odd.json: this is no trace of Holdfast'],
    ] as const) {
      await choose(name, bytes);
      await page.getByRole('alert').filter({ hasText: says }).waitFor();
      expect(await page.locator('canvas').count()).toBe(0);
      expect(await input.inputValue()).toBe('');
    }
    await choose('run.json.gz', zipped);
    await settled(page);
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

/** The run with one number of one column of its events changed. */
function changed(column: 'dt' | 'host', at: number, to: number): string {
  const file = JSON.parse(run.text) as { ev: Record<string, number[]> };
  file.ev[column]![at] = to;
  return JSON.stringify(file);
}

/** The page of stories on real servers: by keyboard, by address, from a file. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { story } from '../timeline/conformance/stories.js';
import { type OpenedPage, type Visit, withBrowser } from './chromium.js';
import { conformanceText, traceText } from './reports.js';
import { brokenRun } from './runs.js';

let opened: OpenedPage | undefined;
beforeAll(async () => {
  opened = await withBrowser();
});
afterAll(() => opened?.close());

async function visit({ open }: OpenedPage, query = '', text = conformanceText()): Promise<Visit> {
  const made = await open({}, `#/conformance${query}`, { 'conformance.json': text });
  await made.page.waitForSelector('.stories tbody');
  return made;
}

const names = (page: Page) => page.locator('.stories th[scope=row] b').allTextContents();
const status = (page: Page) => page.locator('.conformance > [role=status]').textContent();

/** A file dropped anywhere on the page. */
const drop = (page: Page, name: string, content: string) =>
  page.evaluate(
    ([fileName, text]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text!], fileName!, { type: 'application/json' }));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
    },
    [name, content],
  );

describe('what it says', () => {
  it('of each story: both verdicts, why not, how late, and how often', async () => {
    if (opened === undefined) return;
    const { page, complaints } = await visit(opened);
    expect(await page.locator('.counts').textContent()).toMatch(
      /4 stories\s*3 can be played here\s*2 of them confirmed, 66 %/,
    );
    const rows = page.locator('.stories tbody');
    const confirmed = await rows.nth(0).textContent();
    expect(confirmed).toMatch(/sim ✗ inherent-overlap\s*real ✗ confirmed/);
    expect(confirmed).toContain('median 15 ms, 95 % 22 ms, latest 23 ms');
    const other = await rows.nth(1).textContent();
    expect(other).toMatch(/sim ✗ double-grant\s*real \? not reproduced/);
    expect(other).toContain('Went another way 9.475 s into the story: r1 answered A: OK');
    const missing = await rows.nth(2).textContent();
    expect(missing).toContain('– cannot be played');
    expect(missing).toContain('not measured');
    expect(missing).toContain('Missing here: the clock of an etcd server');
    const heads = await page.locator('.stories thead th').allTextContents();
    expect(heads[1]).toMatch(/^Redis\s*7\.0\.15$/);
    expect(await page.locator('.services').textContent()).toContain('100,096 commands');
    expect(complaints).toEqual([]);
  });

  it('without a file it shows the stories that came with the package', async () => {
    if (opened === undefined) return;
    const { page, complaints } = await opened.open({}, '#/conformance');
    await page.waitForSelector('.stories tbody');
    expect((await names(page)).length).toBeGreaterThan(30);
    expect(complaints).toEqual([]);
  });
});

describe('the address', () => {
  it('says what is shown, and Back returns to what was', async () => {
    if (opened === undefined) return;
    const { page } = await visit(opened, '?outcome=confirmed&sort=late');
    expect(await names(page)).toEqual(['the-slow', 'the-pause']);
    expect(await status(page)).toBe('2 of 4 stories.');
    expect(
      await page.getByRole('button', { name: '✗ confirmed 2' }).getAttribute('aria-pressed'),
    ).toBe('true');
    expect(await page.locator('th[aria-sort]').textContent()).toContain('Late by');
    await page.getByRole('button', { name: 'PostgreSQL 1' }).click();
    expect(await names(page)).toEqual(['the-slow']);
    expect(new URL(page.url()).hash).toBe(
      '#/conformance?server=postgres&outcome=confirmed&sort=late',
    );
    expect(await page.locator('.stories thead th').count()).toBe(5);
    await page.goBack();
    await expect.poll(() => names(page)).toEqual(['the-slow', 'the-pause']);
  });

  it('that nothing answers to says so, and all is one press away', async () => {
    if (opened === undefined) return;
    const { open } = opened;
    const { page } = await open({}, '#/conformance?server=mysql', {
      'conformance.json': conformanceText(),
    });
    await expect.poll(() => status(page)).toBe('0 of 4 stories.');
    await page.getByRole('group', { name: 'Server' }).getByRole('button', { name: 'all' }).click();
    expect(await status(page)).toBe('All 4 stories.');
  });
});

it('says that there is no story of the name in its address', async () => {
  if (opened === undefined) return;
  const { page } = await visit(opened, '?story=nope');
  const alert = page.getByRole('alert');
  expect(await alert.textContent()).toBe('There is no story nope in this document.');
  await page.context().close();
});

describe('a keyboard', () => {
  it('opens the command of a story, copies it, and goes to its run and back', async () => {
    if (opened === undefined) return;
    const { replay } = await brokenRun();
    const text = JSON.stringify({
      format: 'holdfast-conformance',
      v: 1,
      stories: [story({ code: replay })],
    });
    const { page } = await visit(opened, '', text);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const button = page.getByRole('button', { name: 'Command and details of the-pause' });
    await button.focus();
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toBe('#/conformance?story=the-pause');
    expect(await button.getAttribute('aria-expanded')).toBe('true');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Command');
    const command = `npx holdfast real replay ${replay} --property mutual-exclusion`;
    expect(await page.locator('.details .command').textContent()).toBe(command);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('The command is in the clipboard.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(command);
    await page.getByRole('link', { name: 'Open the run of the-pause' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.explore .canvases');
    await page.goBack();
    await page.waitForSelector('.details .command');
  });
});

describe('a file', () => {
  const one = (id: string) =>
    JSON.stringify({ format: 'holdfast-conformance', v: 1, stories: [story({ id })] });

  it('is shown wherever it is dropped, and is still there after a look at a run', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open({}, '#/matrix');
    await drop(page, 'mine.json', one('mine'));
    await expect.poll(() => names(page)).toEqual(['mine']);
    await page.goto(`${opened.served.address}#/learn`);
    await page.waitForSelector('.course');
    await page.goBack();
    await expect.poll(() => names(page)).toEqual(['mine']);
  });

  it('that is chosen, also compressed, takes the place of what was shown', async () => {
    if (opened === undefined) return;
    const { gzipSync } = await import('node:zlib');
    const { page } = await visit(opened);
    const buffer = gzipSync(one('packed'));
    const file = { name: 'packed.json.gz', mimeType: 'application/gzip', buffer };
    await page.getByLabel('Open a file').setInputFiles(file);
    await expect.poll(() => names(page)).toEqual(['packed']);
  });

  it('that is damaged is refused in a sentence, and what was shown stays', async () => {
    if (opened === undefined) return;
    const { page } = await visit(opened);
    await drop(page, 'half.json', one('half').slice(0, 120));
    expect(await page.getByRole('alert').textContent()).toMatch(
      /^half\.json ends in the middle, after 120 characters/,
    );
    await drop(page, 'list.json', '[]');
    await expect
      .poll(() => page.getByRole('alert').textContent())
      .toMatch(/^list\.json: this is no conformance document: its format is missing/);
    expect(await names(page)).toHaveLength(4);
    await drop(page, 'good.json', one('good'));
    await expect.poll(() => names(page)).toEqual(['good']);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('that is a trace is shown by Explore', async () => {
    if (opened === undefined) return;
    const trace = await traceText('set-nx', '--seed', '2', '--run', '1');
    const { page } = await visit(opened);
    await drop(page, 'run.json', trace);
    await page.waitForSelector('.explore .canvases');
  });
});

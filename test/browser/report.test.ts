/** The report is one file: it works from a disk, and asks nobody for anything. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenedPage, withBrowser } from './chromium.js';
import { matrixText, type ReportFile, reportFile, reportOnTwo } from './reports.js';
import { brokenRun } from './runs.js';

let opened: OpenedPage | undefined;
let report: ReportFile;
beforeAll(async () => {
  opened = await withBrowser();
  if (opened !== undefined) report = await reportFile();
});
afterAll(async () => {
  report?.remove();
  await opened?.close();
});

describe('a report opened from a disk', () => {
  it('shows what was checked, and the runs that broke something, without one request', async () => {
    if (opened === undefined) return;
    const context = await opened.browser.newContext();
    const page = await context.newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    context.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', ({ message }) => complaints.push(message));
    await page.goto(report.address);
    await page.waitForSelector('.canvases');
    expect(await page.title()).toBe('Holdfast: set-nx-no-validity');
    expect(await page.locator('.summary').textContent()).toContain('20 runs');
    await page.focus('.canvases');
    await page.keyboard.press('Home');
    await page.locator('[aria-label="Chosen event"] h2', { hasText: 'Event 1 of' }).waitFor();
    await page.getByRole('button', { name: 'Explain' }).first().click();
    await page.waitForSelector('.chain li');
    // There is no other page in it: a link to one would lead nowhere.
    expect(await page.locator('main a[href^="#/"]').count()).toBe(0);
    expect(await page.locator('.command').textContent()).toMatch(/^npx holdfast view hf\d+_/);
    expect(requests).toEqual([report.address]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('goes from one smallest run to another', async () => {
    if (opened === undefined) return;
    const page = await opened.browser.newPage();
    await page.goto(report.address);
    const runs = page.getByRole('radio');
    expect(await runs.count()).toBeGreaterThan(1);
    const events = () => page.locator('.events table').getAttribute('aria-rowcount');
    const digest = () => page.locator('main .title > code').textContent();
    const seen = new Set<string>();
    for (let at = 0; at < (await runs.count()); at++) {
      await runs.nth(at).check();
      seen.add(`${await digest()} ${await events()}`);
    }
    expect(seen.size).toBeGreaterThan(1);
    await page.close();
  });
});

describe('a report on several locks', () => {
  it('shows each lock by its address, with the run that its address names', async () => {
    if (opened === undefined) return;
    const all = await reportOnTwo();
    const page = await opened.browser.newPage();
    await page.goto(all.address);
    const locks = page.getByRole('navigation', { name: 'Locks' }).getByRole('link');
    expect(await locks.count()).toBe(2);
    await locks.filter({ hasText: /^blind-delete$/ }).click();
    await page.waitForFunction(() => document.title === 'Holdfast: blind-delete');
    expect(await locks.filter({ hasText: 'blind-delete' }).getAttribute('aria-current')).toBe(
      'true',
    );
    const chosen = () => page.locator('input[name=run]:checked').locator('..').textContent();
    const first = await chosen();
    await page.getByRole('radio').last().check();
    expect(await chosen()).not.toBe(first);
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('input[name=run]:checked') !== null);
    expect(await chosen()).toBe(first);
    await page.close();
    all.remove();
  });
});

describe('the pages that are served', () => {
  it('ask nobody but their own server', async () => {
    if (opened === undefined) return;
    const { replay } = await brokenRun();
    const documents = { 'matrix.json': await matrixText() };
    const { page, strayRequests, complaints } = await opened.open({}, '', documents);
    const places = {
      '#/learn': '.course',
      '#/learn/the-pause/2': '.canvases',
      '#/lab': '.stage-of-lab .canvases',
      '#/matrix': '.matrix table',
      [`#/x?run=${replay}`]: '.canvases',
    };
    for (const [path, ready] of Object.entries(places)) {
      await page.goto(opened.served.address + path);
      await page.waitForSelector(ready);
    }
    expect(strayRequests).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

/**
 * `npm run screenshots`: every page in light, dark, narrow and printed, into .holdfast/screenshots,
 * for somebody to look at. They are made by a command and never kept: what they show changes.
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { ROOT } from '../test/architecture/source.js';
import { withBrowser } from '../test/browser/chromium.js';
import { matrixText, reportFile, traceText } from '../test/browser/reports.js';
import { brokenRun } from '../test/browser/runs.js';

const FOLDER = path.join(ROOT, '.holdfast/screenshots');

const opened = await withBrowser();
if (opened === undefined) throw new Error('screenshots need a browser: apt-get install chromium');
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const report = await reportFile();
const documents = {
  'matrix.json': await matrixText(),
  'trace.json': await traceText('redlock', '--seed', '1', '--run', '3'),
};
const { replay } = await brokenRun();

/** Name, address, what is there as soon as the page is, and a button to press then. */
const PLACES: readonly (readonly [name: string, address: string, ready: string, press?: string])[] =
  [
    ['first', '', '.first'],
    ['lessons', '#/learn', '.course'],
    ['question', '#/learn/the-pause/2', '.veil'],
    ['task', '#/learn/the-pause/4', '.task'],
    ['lab', '#/lab', '.stage-of-lab .canvases'],
    ['run', `#/x?run=${replay}`, '.canvases'],
    ['explained', `#/x?run=${replay}&e=0&t=13000000`, '.chain'],
    ['true-time', `#/x?run=${replay}&x=time&t=13000000`, '.canvases'],
    ['layers', `#/x?run=${replay}&show=truth_belief_faults`, '.canvases', 'Layers 3/8'],
    ['quorum', '#/x', '.canvases'],
    ['compare', `#/cmp?a=${replay}&b=${replay}`, '.ribbon'],
    ['matrix', '#/matrix', '.matrix table'],
    ['conformance', '#/conformance?story=blind-del', '.conformance .details'],
    ['report', report.address, '.canvases'],
  ];

async function take(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(150);
  await page.screenshot({ path: path.join(FOLDER, `${name}.png`), fullPage: true });
}

for (const [name, address, ready, press] of PLACES) {
  const isFile = address.startsWith('file:');
  const { page } = await opened.open({}, isFile ? '' : address, documents);
  if (isFile) await page.goto(address);
  await page.waitForSelector(ready);
  if (press !== undefined) await page.locator('button:enabled', { hasText: press }).last().click();
  await take(page, `${name}-light`);
  await page.emulateMedia({ colorScheme: 'dark' });
  await take(page, `${name}-dark`);
  await page.emulateMedia({ colorScheme: 'light', media: 'print' });
  await take(page, `${name}-print`);
  await page.emulateMedia({ colorScheme: 'light', media: 'screen' });
  await page.setViewportSize({ width: 420, height: 800 });
  await take(page, `${name}-narrow`);
  await page.context().close();
  process.stdout.write(`${name}\n`);
}
report.remove();
await opened.close();

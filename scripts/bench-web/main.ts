/**
 * `npm run bench:web`: measures the page in a real browser, and writes `reports/bench-web.json` and
 * `reports/bench-web.md`. Never part of a test: a slow machine is not a bug.
 */
import { chromium } from 'playwright-core';
import { assertViewer } from '../../src/cli/viewer-files.js';
import { browserPath } from '../../test/browser/chromium.js';
import type { Figure } from '../bench/arm.js';
import { row, writeReport } from '../bench/table.js';
import { editFigures } from './edit-arm.js';
import { largeFigures } from './large-arms.js';
import { startFigures } from './start-arms.js';

const COMMAND = 'npm run bench:web';
const REPETITIONS = 5;

assertViewer();
const executablePath = browserPath();
if (executablePath === undefined) throw new Error(`${COMMAND} needs a browser: install chromium`);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const figures: Figure[] = [];
for (const arm of [startFigures, editFigures, largeFigures]) {
  for (const figure of await arm(browser, REPETITIONS)) {
    figures.push(figure);
    process.stdout.write(`${row(figure)}\n`);
  }
}
const version = browser.version();
await browser.close();
writeReport('bench-web', {
  title: 'Benchmarks of the page',
  command: COMMAND,
  repetitions: REPETITIONS,
  how: [`Chromium ${version}, without a graphics card.`],
  figures,
});

/** What comes over the wire until a lesson runs, and when something is first to be seen. */
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { viewerFile } from '../../src/cli/viewer-files.js';
import { serveViewer } from '../../src/cli/viewer-server.js';
import { FIRST_PATH, permalink } from '../../src/lessons/catalogue.js';
import { type Figure, summarize } from '../bench/arm.js';

const KB = 1_000;
const GZIP_LEVEL = 9;

export async function startFigures(browser: Browser, repetitions: number): Promise<Figure[]> {
  const serving = await serveViewer(new Map(), 0);
  const path = permalink(FIRST_PATH[0]!, 1);
  const sizes: number[] = [];
  const paints: number[] = [];
  const runs: number[] = [];
  for (let turn = 0; turn < repetitions; turn++) {
    const context = await browser.newContext();
    const scripts = new Set<string>();
    context.on('request', (request) => scripts.add(new URL(request.url()).pathname));
    const page = await context.newPage();
    await page.goto(serving.address + path);
    await page.waitForSelector('.stage-of-lesson .canvases canvas');
    runs.push(await page.evaluate(() => performance.now()));
    const paint = await page.evaluate(() => performance.getEntriesByName('first-paint')[0]);
    paints.push(paint?.startTime ?? Number.NaN);
    const names = [...scripts].filter((name) => name.endsWith('.js'));
    const bytes = names.map(
      (name) => gzipSync(viewerFile(name) ?? '', { level: GZIP_LEVEL }).length,
    );
    sizes.push(bytes.reduce((sum, size) => sum + size, 0) / KB);
    await context.close();
  }
  await serving.close();
  const what = `${path}, gzip level ${GZIP_LEVEL}, worker included`;
  return [
    summarize('scripts until the first lesson runs', 'KB', sizes, what, {
      text: '≤ 100 KB',
      atMost: 100,
    }),
    summarize('first paint', 'ms', paints, path, { text: '< 300 ms', atMost: 300 }),
    summarize('the lesson’s run is shown', 'ms', runs, path),
  ];
}

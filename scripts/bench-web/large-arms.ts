/** Long traces: until they can be moved, and what a frame costs while they move. */
import type { Browser, Page } from 'playwright-core';
import { serveViewer } from '../../src/cli/viewer-server.js';
import { type Figure, summarize } from '../bench/arm.js';
import { largeTrace } from './large-trace.js';

const FRAMES = 60;
const PAN_PX = 30;

export async function largeFigures(browser: Browser, repetitions: number): Promise<Figure[]> {
  return [
    ...(await figuresOf(browser, 100_000, repetitions, 8, 16)),
    ...(await figuresOf(browser, 1_000_000, 2, 16, undefined)),
  ];
}

async function figuresOf(
  browser: Browser,
  events: number,
  repetitions: number,
  medianMs: number,
  tailMs: number | undefined,
): Promise<Figure[]> {
  const text = JSON.stringify(largeTrace(events));
  const serving = await serveViewer(new Map([['/trace.json', text]]), 0);
  const ready: number[] = [];
  const frames: number[] = [];
  for (let turn = 0; turn < repetitions; turn++) {
    const page = await browser.newPage();
    await page.goto(`${serving.address}#/x`);
    await page.waitForSelector('.canvases canvas', { timeout: 60_000 });
    ready.push(await firstAnswer(page));
    frames.push(...(await panned(page)));
    await page.close();
  }
  await serving.close();
  const sorted = [...frames].sort((a, b) => a - b);
  const tail = sorted[Math.floor(sorted.length * 0.95)]!;
  const many = `${events.toLocaleString('en')} events`;
  const isFast = events <= 100_000;
  return [
    summarize(
      `${many}: can be moved`,
      'ms',
      ready,
      'from navigation to the first frame',
      isFast ? { text: '< 1 s', atMost: 1_000 } : undefined,
    ),
    summarize(`${many}: script per frame`, 'ms', frames, `${FRAMES} frames, a quarter in view`, {
      text: `≤ ${medianMs} ms`,
      atMost: medianMs,
    }),
    summarize(
      `${many}: script per frame, 95th percentile`,
      'ms',
      [tail],
      'of the same frames',
      tailMs === undefined ? undefined : { text: `≤ ${tailMs} ms`, atMost: tailMs },
    ),
  ];
}

/** Since navigation, when the picture is there and the thread is free to answer. */
function firstAnswer(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
      }),
  );
}

/**
 * Moves the picture to and fro, and takes the script time of each frame as the browser counts it:
 * what a move causes runs in part after the frame that it is asked in.
 */
async function panned(page: Page): Promise<number[]> {
  await page.focus('.canvases');
  for (const key of ['w', 'w', 'w']) await page.keyboard.press(key);
  await page.waitForTimeout(500);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const spentMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'ScriptDuration')!.value * 1_000;
  };
  const spent: number[] = [];
  for (let frame = 0; frame < FRAMES; frame++) {
    const before = await spentMs();
    await page.evaluate(move, frame % 20 < 10 ? PAN_PX : -PAN_PX);
    spent.push((await spentMs()) - before);
  }
  return spent;
}

/** One move, and what follows from it: it is over when two frames later nothing is left to do. */
async function move(deltaX: number): Promise<void> {
  const wheel = new WheelEvent('wheel', { deltaX, cancelable: true, bubbles: true });
  document.querySelector('.canvases')!.dispatchEvent(wheel);
  for (let turn = 0; turn < 2; turn++) {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }
}

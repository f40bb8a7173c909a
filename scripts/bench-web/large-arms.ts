/** Long traces: until they can be moved, and what a frame costs while they move. */
import type { Browser, Page } from 'playwright-core';
import { serveViewer } from '../../src/cli/viewer-server.js';
import { type Figure, summarize } from '../bench/arm.js';
import { largeTrace } from './large-trace.js';

const FRAMES = 60;
const PAN_PX = 30;

/** Of how many servers the locks of the traces are. */
const SERVERS = 5;

interface Arm {
  readonly events: number;
  readonly servers: number;
  readonly repetitions: number;
  readonly medianMs: number;
  /** Of the 95th percentile; absent: none. */
  readonly tailMs?: number;
}

export async function largeFigures(browser: Browser, repetitions: number): Promise<Figure[]> {
  const arms: readonly Arm[] = [
    { events: 100_000, servers: 1, repetitions, medianMs: 8, tailMs: 16 },
    { events: 100_000, servers: SERVERS, repetitions, medianMs: 8, tailMs: 16 },
    { events: 1_000_000, servers: 1, repetitions: 2, medianMs: 16 },
    { events: 1_000_000, servers: SERVERS, repetitions: 2, medianMs: 16 },
  ];
  const figures: Figure[] = [];
  for (const arm of arms) figures.push(...(await figuresOf(browser, arm)));
  return figures;
}

async function figuresOf(browser: Browser, arm: Arm): Promise<Figure[]> {
  const { events, servers, repetitions } = arm;
  const text = JSON.stringify(largeTrace(events, servers));
  const serving = await serveViewer(new Map([['/trace.json', text]]), 0);
  const ready: number[] = [];
  const part: number[] = [];
  const whole: number[] = [];
  for (let turn = 0; turn < repetitions; turn++) {
    const page = await browser.newPage();
    await page.goto(`${serving.address}#/x`);
    await page.waitForSelector('.canvases canvas', { timeout: 60_000 });
    ready.push(await firstAnswer(page));
    whole.push(...(await panned(page, ['0'])));
    part.push(...(await panned(page, ['0', 'w', 'w', 'w'])));
    await page.close();
  }
  await serving.close();
  const many = `${events.toLocaleString('en')} events`;
  const lock = servers === 1 ? '' : ` of ${servers} servers`;
  return [
    summarize(
      `${many}${lock}: can be moved`,
      'ms',
      ready,
      'from navigation to the first frame',
      events <= 100_000 ? { text: '< 1 s', atMost: 1_000 } : undefined,
    ),
    ...framesOf(`${many}${lock}`, arm, whole, 'the whole run in view'),
    ...framesOf(`${many}${lock}`, arm, part, 'a quarter in view'),
  ];
}

function framesOf(
  many: string,
  { medianMs, tailMs }: Arm,
  frames: readonly number[],
  inView: string,
): Figure[] {
  const sorted = [...frames].sort((a, b) => a - b);
  const tail = sorted[Math.floor(sorted.length * 0.95)]!;
  return [
    summarize(`${many}: script per frame`, 'ms', frames, `${FRAMES} frames, ${inView}`, {
      text: `≤ ${medianMs} ms`,
      atMost: medianMs,
    }),
    summarize(
      `${many}: script per frame, 95th percentile`,
      'ms',
      [tail],
      `of the same frames, ${inView}`,
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
async function panned(page: Page, keys: readonly string[]): Promise<number[]> {
  await page.focus('.canvases');
  for (const key of keys) await page.keyboard.press(key);
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

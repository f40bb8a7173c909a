/** From an edit of a scenario in the Lab to the picture of its run. */
import type { Browser } from 'playwright-core';
import { serveViewer } from '../../src/cli/viewer-server.js';
import { compression } from '../../src/host/session.js';
import { operation, startOf } from '../../src/lessons/start.js';
import { encodeReplay } from '../../src/search/replay-code.js';
import { type Figure, summarize } from '../bench/arm.js';

const CLIENTS = ['A', 'B', 'C'];
const SECTIONS_EACH = 35;
const EDITS = 15;

export async function editFigures(browser: Browser): Promise<Figure[]> {
  const serving = await serveViewer(new Map(), 0);
  const page = await browser.newPage();
  await page.addInitScript(tellWhenDrawn);
  await page.goto(`${serving.address}#/lab?run=${longReplay()}`);
  await page.waitForSelector('.stage-of-lab .canvases canvas');
  const rows = await page.locator('.events table').getAttribute('aria-rowcount');
  const field = page.getByLabel(/^TTL/).first();
  const spent: number[] = [];
  for (let edit = 0; edit < EDITS; edit++) {
    await page.waitForTimeout(300);
    const took = await field.evaluate(
      (input: HTMLInputElement, value) =>
        new Promise<number>((resolve) => {
          const begun = performance.now();
          addEventListener('run-drawn', () => resolve(performance.now() - begun), { once: true });
          input.value = value;
          for (const type of ['input', 'change']) {
            input.dispatchEvent(new Event(type, { bubbles: true }));
          }
        }),
      String(10_001 + edit),
    );
    spent.push(took);
  }
  await page.close();
  await serving.close();
  const target = { text: '< 50 ms', atMost: 50 };
  return [
    summarize('an edit in the Lab, to its picture', 'ms', spent, `${rows} rows of events`, target),
  ];
}

/** In the page: an event at the frame after the one in which a new run was drawn. */
function tellWhenDrawn(): void {
  let isNew = false;
  const hear = Object.getOwnPropertyDescriptor(Worker.prototype, 'onmessage')!;
  Object.defineProperty(Worker.prototype, 'onmessage', {
    ...hear,
    set(this: Worker, listener: (event: MessageEvent<{ kind: string }>) => void) {
      hear.set!.call(this, (event: MessageEvent<{ kind: string }>) => {
        if (event.data.kind === 'played') isNew = true;
        listener(event);
      });
    },
  });
  const paint = CanvasRenderingContext2D.prototype.fillRect;
  CanvasRenderingContext2D.prototype.fillRect = function (...box) {
    if (isNew) requestAnimationFrame(() => dispatchEvent(new Event('run-drawn')));
    isNew = false;
    paint.apply(this, box);
  };
}

/** Many short sections, one after the other. */
function longReplay(): string {
  const clients = CLIENTS.map((id) => ({
    id,
    operations: Array.from({ length: SECTIONS_EACH }, (_, at) =>
      operation(`${id}${at + 1}`, { afterMs: 5, forMs: 2 }),
    ),
  }));
  const plan = startOf({ algorithm: 'set-nx', ttlMs: 10_000, waitMs: 60_000, clients });
  return encodeReplay({ ...plan, digest: '0'.repeat(16) }, compression);
}

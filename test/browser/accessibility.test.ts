/** Everybody can use every page: with a keyboard, with few colours, at any size, without motion. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFinds, missed, walk } from './axe.js';
import { type Documents, type OpenedPage, withBrowser } from './chromium.js';
import { drawn } from './explore-page.js';
import { openText } from './lab-page.js';
import { conformanceText, matrixText, type ReportFile, reportFile } from './reports.js';
import { brokenRun } from './runs.js';

let opened: OpenedPage | undefined;
let report: ReportFile | undefined;
let documents: Documents = {};
let replay = '';
beforeAll(async () => {
  opened = await withBrowser();
  if (opened === undefined) return;
  const [matrix, file, run] = await Promise.all([matrixText(), reportFile(), brokenRun()]);
  documents = { 'matrix.json': matrix, 'conformance.json': conformanceText() };
  report = file;
  ({ replay } = run);
});
afterAll(async () => {
  report?.remove();
  await opened?.close();
});

interface Place {
  readonly name: string;
  readonly path: () => string;
  /** What is there as soon as the page is. */
  readonly ready: string;
  /** What to do there first. */
  readonly first?: (page: Page) => Promise<unknown>;
}

const PLACES: readonly Place[] = [
  { name: 'the first page', path: () => '', ready: '.first' },
  { name: 'the lessons', path: () => '#/learn', ready: '.course' },
  { name: 'a question', path: () => '#/learn/the-pause/2', ready: '.veil' },
  { name: 'a task', path: () => '#/learn/the-pause/4', ready: '.task' },
  { name: 'the Lab', path: () => '#/lab', ready: '.stage-of-lab .canvases' },
  {
    name: 'the Lab as text',
    path: () => '#/lab',
    ready: '.stage-of-lab .canvases',
    first: async (page) => {
      await openText(page);
      await fromTheTop(page);
    },
  },
  { name: 'a run', path: () => `#/x?run=${replay}`, ready: '.canvases', first: drawnAtTheTop },
  {
    name: 'a violation explained',
    path: () => `#/x?run=${replay}&e=0&t=1`,
    ready: '.chain',
    first: drawnAtTheTop,
  },
  { name: 'two runs', path: () => `#/cmp?a=${replay}&b=${replay}`, ready: '.ribbon' },
  { name: 'the matrix', path: () => '#/matrix', ready: '.matrix table' },
  {
    name: 'stories on real servers',
    path: () => '#/conformance?story=the-reader',
    ready: '.conformance .details',
  },
  { name: 'a report', path: () => report!.address, ready: '.canvases' },
];

/** Tab goes on from where somebody clicked. */
async function fromTheTop(page: Page): Promise<void> {
  await page.mouse.click(2, 2);
}

/** The page of a run begins in its timeline. */
async function drawnAtTheTop(page: Page): Promise<void> {
  await drawn(page);
  await fromTheTop(page);
}

async function at({ path, ready, first }: Place): Promise<Page> {
  const address = path();
  const isFile = address.startsWith('file:');
  const { page } = await opened!.open({}, isFile ? '' : address, documents);
  if (isFile) await page.goto(address);
  await page.waitForSelector(ready);
  await first?.(page);
  return page;
}

/** Scrolls sideways only within what is made for it. */
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

describe('every page', () => {
  for (const place of PLACES) {
    it(`${place.name}: reached by Tab, found right by axe, nothing cut off`, async () => {
      if (opened === undefined) return;
      const page = await at(place);
      const { stops, unseen } = await walk(page);
      expect(stops.length).toBeGreaterThan(3);
      expect(unseen, 'focus without an outline').toEqual([]);
      expect(await missed(page), 'not reached by Tab').toEqual([]);
      for (const width of [1280, 420, 320]) {
        await page.setViewportSize({ width, height: 720 });
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          expect(await axeFinds(page), `${colorScheme} ${width}`).toEqual([]);
        }
        expect(await overflow(page), `${width}`).toBeLessThanOrEqual(0);
      }
      // Twice the size is half the room.
      await page.setViewportSize({ width: 640, height: 360 });
      expect(await overflow(page), 'at twice the size').toBeLessThanOrEqual(0);
      await page.context().close();
    });
  }
});

describe('colours of the system', () => {
  it('take the place of ours in what is no picture', async () => {
    if (opened === undefined) return;
    const page = await at(PLACES.find(({ name }) => name === 'a run')!);
    await page.getByRole('button', { name: 'True time' }).click();
    await page.emulateMedia({ forcedColors: 'active' });
    const looks = await page.evaluate(() => {
      const canvas = document.createElement('div');
      canvas.style.cssText = 'color: CanvasText; background: Canvas';
      document.body.append(canvas);
      const system = getComputedStyle(canvas);
      const here = getComputedStyle(document.querySelector('[aria-current="page"]')!);
      const toggle = getComputedStyle(document.querySelector('[aria-pressed="true"]')!);
      const plain = getComputedStyle(document.querySelector('[aria-pressed="false"]')!);
      const shape = getComputedStyle(document.querySelector('.shape path')!);
      return {
        text: getComputedStyle(document.body).color === system.color,
        // What is pressed looks so, and its words are no shade of its ground.
        isToldApart: toggle.backgroundColor !== plain.backgroundColor,
        isRead: toggle.color !== toggle.backgroundColor,
        isPageRead: here.backgroundColor === toggle.backgroundColor && here.color === toggle.color,
        isShapeSeen: shape.fill !== system.backgroundColor,
      };
    });
    expect(looks).toEqual({
      text: true,
      isToldApart: true,
      isRead: true,
      isPageRead: true,
      isShapeSeen: true,
    });
  });

  it('leave the picture as it is, which says all in shapes and words too', async () => {
    if (opened === undefined) return;
    const page = await at(PLACES.find(({ name }) => name === 'a run')!);
    const inks = () =>
      page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('.canvases canvas')!;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
      });
    for (const media of [
      { forcedColors: 'active' },
      { contrast: 'more' },
      { reducedMotion: 'reduce' },
    ] as const) {
      await page.emulateMedia(media);
      expect(await inks()).toBeGreaterThan(10);
    }
  });

  it('more contrast makes quiet words as dark as the others', async () => {
    if (opened === undefined) return;
    const page = await at(PLACES.find(({ name }) => name === 'a run')!);
    await page.emulateMedia({ contrast: 'more' });
    // The page hears of it a moment later.
    await page.waitForFunction(() => {
      const colour = (name: string) => getComputedStyle(document.querySelector(name)!).color;
      return colour('.title code') === colour('body');
    });
  });

  it('nothing moves by itself', async () => {
    if (opened === undefined) return;
    const page = await at(PLACES.find(({ name }) => name === 'a run')!);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });
});

/** The timeline answers keys, buttons and the pointer. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lengthAt, stepWarp, viewOf } from '../../src/timeline/picture/axis.js';
import { densityFor, lanesOf } from '../../src/timeline/picture/lanes.js';
import { pictureOf } from '../../src/timeline/picture/picture.js';
import * as rest from '../../src/timeline/picture/rest.js';
import { Scene } from '../../src/timeline/picture/scene.js';
import { KEY_HELP } from '../../web/src/explore/key-help.js';
import { type OpenedPage, withBrowser } from './chromium.js';
import { drawn, press, pressAndWait, type Shown, settled } from './explore-page.js';
import { brokenRun, type KnownRun } from './runs.js';

let opened: OpenedPage | undefined;
let run: KnownRun;
let page: Page;
beforeAll(async () => {
  opened = await withBrowser();
  run = await brokenRun();
  if (opened !== undefined) {
    ({ page } = await opened.open({}, `#/x?run=${run.replay}`));
  }
});
afterAll(() => opened?.close());

/** The page as it opens: nothing of what a test did before is left. */
async function fresh(): Promise<Shown> {
  await page.evaluate(() => {
    location.hash = '#/';
  });
  await page.waitForSelector('.first');
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/x?run=${run.replay}`);
  return drawn(page);
}

const length = ({ from, until }: Shown) => until - from;
const isPressed = (name: string) =>
  page.getByRole('button', { name, exact: true }).getAttribute('aria-pressed');
const heightOfLanes = () => page.locator('.canvases').evaluate((box) => box.clientHeight);

/** What each key does, by what the page shows before and after. */
const DOES: Readonly<Record<string, () => Promise<void>>> = {
  a: async () => {
    const before = await pressAndWait(page, 'w', 'w', 'w');
    const after = await pressAndWait(page, 'a');
    expect(after.from).toBeLessThan(before.from);
    expect(after.until).toBeLessThan(before.until);
  },
  d: async () => {
    const before = await pressAndWait(page, 'w', 'w', 'w');
    const after = await pressAndWait(page, 'd');
    expect(after.from).toBeGreaterThan(before.from);
    expect(after.until).toBeGreaterThan(before.until);
  },
  'w or +': async () => {
    const before = await pressAndWait(page, '0', 'x');
    const nearer = await pressAndWait(page, 'w');
    expect(length(nearer)).toBeLessThan(length(before));
    expect(length(await pressAndWait(page, '+'))).toBeLessThan(length(nearer));
  },
  's or −': async () => {
    const before = await pressAndWait(page, 'x', 'w', 'w', 'w', 'w');
    const farther = await pressAndWait(page, 's');
    expect(length(farther)).toBeGreaterThan(length(before));
    expect(length(await pressAndWait(page, '-'))).toBeGreaterThan(length(farther));
  },
  '0': async () => {
    const after = await pressAndWait(page, 'w', 'w', '0');
    expect(after.from).toBeLessThanOrEqual(0);
    expect(after.until).toBeGreaterThanOrEqual(run.model.endUs);
  },
  f: async () => {
    const { row, from, until } = await pressAndWait(
      page,
      '0',
      'Home',
      'End',
      'w',
      'a',
      'a',
      'a',
      'f',
    );
    const atUs = run.model.atUs[row]!;
    expect(from).toBeLessThanOrEqual(atUs);
    expect(until).toBeGreaterThanOrEqual(atUs);
    expect(until - from).toBeLessThan(run.model.endUs);
  },
  '→': async () => {
    const before = await press(page, 'Home', 'ArrowRight');
    expect(before.row).toBe(1);
    expect(before.cursorUs).toBe(run.model.atUs[1]);
  },
  '←': async () => {
    expect((await press(page, 'End', 'ArrowLeft')).row).toBe(run.model.rows - 2);
  },
  '.': async () => {
    const { row } = await press(page, 'Home', '.');
    const { host } = run.model;
    expect(row).toBe(host.indexOf(host[0]!, 1));
  },
  ',': async () => {
    const { row } = await press(page, 'End', ',');
    const { host, rows } = run.model;
    expect(row).toBe(host.lastIndexOf(host[rows - 1]!, rows - 2));
  },
  Home: async () => expect((await press(page, 'End', 'Home')).row).toBe(0),
  End: async () => expect((await press(page, 'End')).row).toBe(run.model.rows - 1),
  '[': async () => {
    const { row } = await drawn(page);
    expect((await press(page, '[')).row).toBe(run.model.cause[row]);
    expect(run.model.cause[row]).toBeGreaterThanOrEqual(0);
  },
  ']': async () => {
    const { row } = await press(page, '[', ']');
    const cause = (await press(page, '[')).row;
    expect(row).toBe(run.model.cause.indexOf(cause));
  },
  v: async () => {
    const { violations } = run.model.file;
    expect(violations.length).toBeGreaterThan(1);
    expect((await pressAndWait(page, 'v')).address).toContain(`sel=${violations[0]!.property}`);
    expect((await pressAndWait(page, 'v')).address).toContain(`sel=${violations[1]!.property}`);
  },
  'Shift v': async () => {
    const { violations } = run.model.file;
    const { address } = await pressAndWait(page, 'v', 'Shift+V');
    expect(address).toContain(`sel=${violations.at(-1)!.property}`);
  },
  e: async () => {
    expect((await press(page, 'e')).isExplained).toBe(true);
    expect((await press(page, 'e')).isExplained).toBe(false);
  },
  x: async () => {
    expect(await isPressed('True time')).toBe('false');
    await press(page, 'x');
    expect(await isPressed('True time')).toBe('true');
  },
  l: async () => {
    expect(await page.locator('.layers').count()).toBe(0);
    await press(page, 'l');
    await page.locator('.layers').waitFor();
  },
  m: async () => {
    await press(page, 'l');
    await page.locator('.layers').waitFor();
    expect(await isPressed('Messages')).toBe('true');
    await press(page, 'm');
    expect(await isPressed('Messages')).toBe('false');
  },
  z: async () => {
    const heights = new Set<number>();
    for (let turn = 0; turn < 4; turn++) {
      await press(page, 'z');
      heights.add(await heightOfLanes());
    }
    expect(heights.size).toBe(3);
  },
  Esc: async () => {
    expect((await drawn(page)).row).toBeGreaterThanOrEqual(0);
    expect((await press(page, 'Escape')).row).toBe(-1);
  },
  '?': async () => {
    expect(await page.locator('.keys').count()).toBe(0);
    await press(page, '?');
    await page.locator('.keys').waitFor();
  },
};

describe('the keys of the timeline', () => {
  it('are all tried here', () => {
    expect(Object.keys(DOES).sort()).toEqual(KEY_HELP.map(({ keys }) => keys).sort());
  });

  for (const { keys, does } of KEY_HELP) {
    it(`${keys}: ${does}`, async () => {
      if (opened === undefined) return;
      await fresh();
      await DOES[keys]!();
    });
  }

  it('walk the chain while a violation is explained', async () => {
    if (opened === undefined) return;
    await fresh();
    await press(page, 'e');
    const numbers = page.locator('.chain li');
    for (let turn = await numbers.count(); turn > 0; turn--) await page.keyboard.press('ArrowLeft');
    expect(await numbers.nth(0).getAttribute('aria-current')).toBe('step');
    await press(page, 'ArrowRight');
    expect(await numbers.nth(1).getAttribute('aria-current')).toBe('step');
    await press(page, 'ArrowLeft');
    expect(await numbers.nth(0).getAttribute('aria-current')).toBe('step');
  });

  it('each have a button that says what it does', async () => {
    if (opened === undefined) return;
    await fresh();
    await page.getByRole('button', { name: 'Keys' }).click();
    for (const { keys, does } of KEY_HELP) {
      await page.getByRole('button', { name: `${keys} ${does}`, exact: true }).waitFor();
    }
    await page.getByRole('button', { name: 'Home first event' }).click();
    await page.getByRole('button', { name: '→ next event' }).click();
    expect((await drawn(page)).row).toBe(1);
  });
});

describe('the focus', () => {
  it('is in the timeline when its page opens: keys work without a click', async () => {
    if (opened === undefined) return;
    const { page: other } = await opened.open({}, `#/x?run=${run.replay}`);
    await drawn(other);
    await other.keyboard.press('Home');
    expect((await drawn(other)).row).toBe(0);
    await other.getByRole('link', { name: 'Matrix' }).click();
    await other.waitForSelector('.matrix');
    await other.goBack();
    await drawn(other);
    await other.keyboard.press('End');
    expect((await drawn(other)).row).toBe(run.model.rows - 1);
    await other.context().close();
  });

  it('is left where somebody has it', async () => {
    if (opened === undefined) return;
    const { page: other } = await opened.open({}, '#/learn');
    await other.getByRole('button', { name: 'Dark' }).focus();
    await other.evaluate((hash) => {
      location.hash = hash;
    }, `#/x?run=${run.replay}`);
    await drawn(other);
    await other.keyboard.press('Home');
    expect((await drawn(other)).row).toBeGreaterThan(0);
    await other.context().close();
  });
});

describe('the pointer', () => {
  it('a click on a mark chooses it, and one beside all marks chooses nothing', async () => {
    if (opened === undefined) return;
    await fresh();
    const shown = await pressAndWait(page, '0');
    const box = (await page.locator('.canvases').boundingBox())!;
    const { model } = run;
    const warp = stepWarp(model);
    const [from, until] = [lengthAt(warp, shown.from), lengthAt(warp, shown.until)];
    const lanes = lanesOf(model, densityFor(model.hosts.length + 1, 560));
    const picture = pictureOf(new Scene(model), {
      view: viewOf(warp, box.width, from, until),
      lanes,
      measure: (text, size) => text.length * size * 0.6,
      rest,
    });
    const access = model.file.dict.indexOf('access');
    const row = model.file.ev.type.indexOf(access);
    const mark = picture.marks.find(
      ({ type, ref }) => type === 'icon' && ref !== undefined && 'row' in ref && ref.row === row,
    );
    if (mark?.type !== 'icon') throw new Error('no mark of an access');
    await page.mouse.click(box.x + mark.x, box.y + mark.y);
    expect((await drawn(page)).row).toBe(row);
    await page.mouse.click(box.x + 4, box.y + 4);
    expect((await drawn(page)).row).toBe(-1);
  });

  it('drags the picture, and zooms with the wheel at the pointer', async () => {
    if (opened === undefined) return;
    await fresh();
    const before = await pressAndWait(page, 'w', 'w');
    const box = (await page.locator('.canvases').boundingBox())!;
    await page.mouse.move(box.x + 300, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 420, box.y + 60, { steps: 4 });
    await page.mouse.up();
    const dragged = await settled(page);
    expect(dragged.from).toBeLessThan(before.from);
    expect(dragged.row).toBe(before.row);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -200);
    await page.keyboard.up('Control');
    expect(length(await settled(page))).toBeLessThan(length(dragged));
  });
});

describe('the voice', () => {
  it('says in one sentence what was chosen, and nothing before', async () => {
    if (opened === undefined) return;
    await fresh();
    const voice = page.locator('.timeline [role="status"]');
    expect(await voice.textContent()).toBe('');
    await pressAndWait(page, '[', ']');
    expect(await voice.textContent()).toMatch(/^\d+(\.\d+)? m?s\. \w+\. .+\.$/);
    await pressAndWait(page, 'v');
    const { property } = run.model.file.violations[0]!;
    expect(await voice.textContent()).toMatch(new RegExp(` Breaks ${property}\\.$`));
  });
});

/** The Lab's text: mistakes are marked where they stand, and a text without any is run. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../architecture/source.js';
import { axeFinds } from './axe.js';
import { type OpenedPage, type Visit, withBrowser } from './chromium.js';
import {
  anotherThan,
  choose,
  linesOf,
  markedIn,
  openText,
  replayOf,
  saidOf,
  textOf,
} from './lab-page.js';

let opened: OpenedPage | undefined;
beforeAll(async () => {
  opened = await withBrowser();
});
afterAll(() => opened?.close());

const STAGE = '.stage-of-lab .canvases';
const EDITOR = /\/json-editor-[^/]*\.js$/;

async function lab(): Promise<Visit> {
  const visit = await opened!.open({}, '#/lab');
  await visit.page.waitForSelector(STAGE);
  return visit;
}

async function labAsText(): Promise<{ readonly page: Page; readonly first: string }> {
  const { page } = await lab();
  await openText(page);
  return { page, first: await replayOf(page) };
}

describe('a mistake', () => {
  it('of the schema is marked at its value and said, while the run stays; mended, it runs', async () => {
    if (opened === undefined) return;
    const { page, first } = await labAsText();
    await choose(page, '10000');
    await page.keyboard.type('"soon"');
    expect(await markedIn(page, 1)).toEqual(['"soon"']);
    const sentence = 'ttlMs: expected a whole number of milliseconds from 1 to 3600000, got "soon"';
    expect(await saidOf(page)).toBe(`the scenario: ${sentence}`);
    expect(await textOf(page).getAttribute('aria-invalid')).toBe('true');
    expect(await replayOf(page)).toBe(first);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeFinds(page), colorScheme).toEqual([]);
    }
    await choose(page, '"soon"');
    await page.keyboard.type('60000');
    await anotherThan(page, first);
    expect(await markedIn(page, 0)).toEqual([]);
    expect(await saidOf(page)).toBe('');
    expect(await textOf(page).getAttribute('aria-invalid')).toBe('false');
    await page.getByText('✓ nothing breaks').waitFor();
    await page.context().close();
  });

  it('of JSON is marked where the text breaks', async () => {
    if (opened === undefined) return;
    const { page, first } = await labAsText();
    await choose(page, '10000');
    await page.keyboard.type('10 000');
    expect(await markedIn(page, 1)).toEqual(['000']);
    expect(await saidOf(page)).toMatch(/^the scenario is no JSON: /);
    expect(await replayOf(page)).toBe(first);
    await page.context().close();
  });

  it('that only the lock can know of is marked too, and a lock that there is not', async () => {
    if (opened === undefined) return;
    const { page, first } = await labAsText();
    await choose(page, '200');
    await page.keyboard.type('0');
    expect(await markedIn(page, 1)).toEqual(['0']);
    expect(await saidOf(page)).toContain('option retryDelayMs is 0; it takes a number from 1');
    await choose(page, '0');
    await page.keyboard.type('200');
    expect(await markedIn(page, 0)).toEqual([]);
    for (const name of ['"set-nx-no-validity"', '"critical-section"']) {
      await choose(page, name);
      await page.keyboard.type('"constructor"');
      expect(await markedIn(page, 1)).toEqual(['"constructor"']);
      expect(await saidOf(page)).toMatch(/^there is no (lock|workload) constructor/);
      await choose(page, '"constructor"');
      await page.keyboard.type(name);
      expect(await markedIn(page, 0)).toEqual([]);
    }
    expect(await replayOf(page)).toBe(first);
    await page.context().close();
  });
});

describe('undo', () => {
  it('by Ctrl+Z takes back what is not applied, then what the Lab has applied', async () => {
    if (opened === undefined) return;
    const { page, first } = await labAsText();
    await choose(page, '10000');
    await page.keyboard.type('60000');
    const second = await anotherThan(page, first);
    await page.keyboard.type('x');
    await markedIn(page, 1);
    await page.keyboard.press('Control+z');
    await markedIn(page, 0);
    expect(await replayOf(page)).toBe(second);
    await page.keyboard.press('Control+z');
    expect(await anotherThan(page, second)).toBe(first);
    expect(await linesOf(page)).toContain('"ttlMs": 10000');
    await page.keyboard.press('Control+y');
    expect(await anotherThan(page, first)).toBe(second);
    await page.getByRole('button', { name: 'Undo' }).click();
    await anotherThan(page, second);
    expect(await linesOf(page)).toContain('"ttlMs": 10000');
    await page.context().close();
  });

  it('of a change from elsewhere leaves the caret in its value, and a draft can be had back', async () => {
    if (opened === undefined) return;
    const { page, first } = await labAsText();
    await choose(page, '10000');
    await page.keyboard.type('60000');
    const second = await anotherThan(page, first);
    await choose(page, '"critical-section"');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('button', { name: 'Undo' }).click();
    await anotherThan(page, second);
    await page.locator('.cm-content').focus();
    await page.keyboard.type('!');
    await markedIn(page, 1);
    expect(await linesOf(page)).toContain('"workload": "critical-section"!,');
    await page.getByRole('button', { name: 'Redo' }).click();
    await anotherThan(page, first);
    expect(await linesOf(page)).toContain('"workload": "critical-section",');
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+z');
    await markedIn(page, 1);
    expect(await linesOf(page)).toContain('"workload": "critical-section"!,');
    await page.context().close();
  });
});

describe('the editor', () => {
  it('is left by Tab', async () => {
    if (opened === undefined) return;
    const { page } = await labAsText();
    await textOf(page).focus();
    await page.keyboard.press('Tab');
    expect(await textOf(page).evaluate((text) => text === document.activeElement)).toBe(false);
    await page.keyboard.press('Shift+Tab');
    expect(await textOf(page).evaluate((text) => text === document.activeElement)).toBe(true);
    await page.context().close();
  });

  it('takes the place of a plain field that works, and nothing moves', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open({}, '');
    let arrive = () => {};
    const arrived = new Promise<void>((then) => {
      arrive = then;
    });
    await page.route(EDITOR, async (route) => {
      await arrived;
      await route.continue();
    });
    await page.goto(`${opened.served.address}#/lab`);
    await page.waitForSelector(STAGE);
    await page.getByRole('button', { name: 'JSON' }).click();
    const plain = page.locator('textarea');
    await plain.waitFor();
    const first = await replayOf(page);
    expect(await axeFinds(page)).toEqual([]);
    await plain.fill((await plain.inputValue()).replace('10000', '60000'));
    await anotherThan(page, first);
    await plain.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(3, 3));
    const before = await plain.boundingBox();
    await page.evaluate(() => {
      const shifts: number[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        for (const { value } of list.getEntries() as unknown as { value: number }[])
          shifts.push(value);
      }).observe({ type: 'layout-shift' });
    });
    arrive();
    await page.waitForSelector('.cm-content');
    expect(await page.locator('.cm-editor').boundingBox()).toEqual(before);
    expect(await page.locator('textarea').count()).toBe(0);
    await page.keyboard.type('!');
    await markedIn(page, 1);
    expect(await linesOf(page)).toContain(' {  ! ');
    const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
    expect(shifts).toEqual([]);
    await page.context().close();
  });

  it('is loaded by nobody else, and not in a report', async () => {
    if (opened === undefined) return;
    const { page, complaints, strayRequests } = await opened.open({}, '');
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    const { address } = opened.served;
    for (const [place, ready] of [
      ['#/learn', '.course'],
      ['#/learn/the-pause/2', '.canvases'],
      ['#/lab', STAGE],
    ] as const) {
      await page.goto(address + place);
      await page.waitForSelector(ready);
    }
    const ofEditor = () => requests.filter((url) => EDITOR.test(url));
    expect(ofEditor()).toEqual([]);
    await openText(page);
    expect(ofEditor()).toHaveLength(1);
    expect([...complaints, ...strayRequests]).toEqual([]);
    const report = readFileSync(path.join(ROOT, 'dist/web/report.html'), 'utf8');
    const editor = readFileSync(path.join(ROOT, 'dist/web', new URL(ofEditor()[0]!).pathname));
    expect(String(editor)).toContain('cm-content');
    expect(report).not.toContain('cm-content');
    await page.context().close();
  });
});

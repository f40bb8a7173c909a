/** The table of events is the full equivalent of the picture, by keyboard alone. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant } from '../../src/story/words.js';
import { wordsOf } from '../../src/timeline/words.js';
import { type OpenedPage, withBrowser } from './chromium.js';
import { drawn, press, settled } from './explore-page.js';
import { brokenRun, type KnownRun } from './runs.js';

let opened: OpenedPage | undefined;
let run: KnownRun;
let page: Page;
beforeAll(async () => {
  opened = await withBrowser();
  run = await brokenRun();
  if (opened === undefined) return;
  ({ page } = await opened.open({}, `#/x?run=${run.replay}`));
  await settled(page);
});
afterAll(() => opened?.close());

const lineOf = (row: number) => {
  const { model } = run;
  return [
    instant(model.atUs[row]!),
    model.hosts[model.host[row]!]?.id ?? '',
    wordsOf(model, row),
    model.file.violations
      .filter(({ witness }) => witness.includes(row))
      .map(({ property }) => property)
      .join(', '),
  ];
};
const current = () => page.locator('.events tr[aria-current]');

describe('the table of events', () => {
  it('has every row of the trace, each reached and chosen with the arrow keys', async () => {
    if (opened === undefined) return;
    await press(page, 'Home');
    await page.locator('.events [tabindex="0"]').focus();
    for (let row = 0; row < run.model.rows; row++) {
      await current().locator('button:focus').waitFor();
      expect(await current().locator('td').allTextContents()).toEqual(lineOf(row));
      expect(await current().getAttribute('aria-rowindex')).toBe(String(row + 2));
      expect((await drawn(page)).row).toBe(row);
      await page.keyboard.press('ArrowDown');
    }
  });

  it('is one stop of Tab, and leads to its first and last row', async () => {
    if (opened === undefined) return;
    expect(await page.locator('.events tbody [tabindex="0"]').count()).toBe(1);
    await page.locator('.events tbody [tabindex="0"]').focus();
    await page.keyboard.press('Home');
    await current().locator('button:focus').waitFor();
    expect((await drawn(page)).row).toBe(0);
    await page.keyboard.press('End');
    expect((await drawn(page)).row).toBe(run.model.rows - 1);
  });

  it('follows what is chosen in the timeline', async () => {
    if (opened === undefined) return;
    const { row } = await press(page, 'Home', 'ArrowRight', 'ArrowRight');
    expect(await current().getAttribute('aria-rowindex')).toBe(String(row + 2));
    expect(row).toBe(2);
  });

  it('shows what a search finds, and Enter goes from one to the next', async () => {
    if (opened === undefined) return;
    const { model } = run;
    await press(page, 'Home');
    await page.fill('#search', 'host:A type:invoke');
    const wanted = Array.from({ length: model.rows }, (_, row) => row).filter((row) => {
      return model.hosts[model.host[row]!]?.id === 'A' && model.record(row).type === 'invoke';
    });
    expect(wanted.length).toBeGreaterThan(1);
    await page.locator('.search [role="status"]', { hasText: `${wanted.length} events` }).waitFor();
    expect(await page.locator('.events tbody tr').count()).toBe(wanted.length);
    const found: number[] = [];
    for (let turn = 0; turn < wanted.length; turn++) {
      await page.press('#search', 'Enter');
      found.push((await drawn(page)).row);
    }
    expect(found.sort((a, b) => a - b)).toEqual(wanted);
    await page.fill('#search', 'nothing is called so');
    await page.locator('.search [role="status"]', { hasText: '0 events' }).waitFor();
    await page.fill('#search', '');
  });
});

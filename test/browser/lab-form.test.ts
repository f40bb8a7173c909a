/** The Lab's form: nonsense in a field is said beside that field, and the last good run stays. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFinds } from './axe.js';
import { type OpenedPage, withBrowser } from './chromium.js';
import { anotherThan, replayOf } from './lab-page.js';

let opened: OpenedPage | undefined;
beforeAll(async () => {
  opened = await withBrowser();
});
afterAll(() => opened?.close());

async function labOf(lock: string): Promise<Page> {
  const { page } = await opened!.open({}, '#/lab');
  await page.waitForSelector('.stage-of-lab .canvases');
  page.setDefaultTimeout(5_000);
  const first = await replayOf(page);
  await page.locator('[id="field-algorithm"]').selectOption(lock);
  await anotherThan(page, first);
  await openDetails(page);
  return page;
}

const openDetails = (page: Page) =>
  page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });

/** The numbers of the form whose ids begin so, by id. */
async function numbersOf(page: Page, ids: string): Promise<Map<string, Locator>> {
  const found = new Map<string, Locator>();
  for (const field of await page.locator(`form input[type="number"][id^="${ids}"]`).all()) {
    const id = await field.getAttribute('id');
    found.set(id!, page.locator(`[id="${id}"]`));
  }
  return found;
}

const put = async (field: Locator, value: string) => {
  await field.fill(value);
  await field.blur();
};

/** What is said of a field, once something is. */
async function saidAt(page: Page, field: Locator): Promise<string> {
  await field.and(page.locator('[aria-invalid="true"]')).waitFor();
  const id = await field.getAttribute('aria-describedby');
  return (await page.locator(`[id="${id}"]`).textContent()) ?? '';
}

const isWell = (page: Page, field: Locator) =>
  field.and(page.locator('[aria-invalid="false"]')).waitFor();

/** Alerts that stand beside no field. */
const elsewhere = (page: Page) => page.locator('form > [role="alert"]:not([id])').allTextContents();

describe.each([
  ['set-nx', 'all of the form', 'field-', 9],
  ['redlock', 'its options', 'field-options-', 5],
  ['etcd-mutex', 'its options', 'field-options-', 2],
  ['postgres-table', 'its options', 'field-options-', 3],
  ['zookeeper-lock', 'its options', 'field-options-', 3],
])('numbers of %s: %s', (lock, _what, ids, least) => {
  it('nonsense is said beside each, and mended it is as before', async () => {
    if (opened === undefined) return;
    const page = await labOf(lock);
    const good = await replayOf(page);
    const fields = await numbersOf(page, ids);
    expect(fields.size).toBeGreaterThanOrEqual(least);
    for (const [id, field] of fields) {
      const before = await field.inputValue();
      for (const nonsense of ['-7.5', '1e305', '']) {
        await put(field, nonsense);
        const said = await saidAt(page, field);
        expect(said, `${id} ${nonsense}`).toMatch(/expected|it takes/);
        expect(await elsewhere(page), id).toEqual([]);
        expect(await replayOf(page), id).toBe(good);
      }
      await put(field, before);
      await isWell(page, field);
    }
    await page.getByText('this is the last run that could').waitFor({ state: 'detached' });
    expect(await replayOf(page)).toBe(good);
    await page.context().close();
  });
});

it('of faults: the same, for each class', async () => {
  if (opened === undefined) return;
  const page = await labOf('set-nx');
  const classes = await page.getByLabel('Class of a new fault').locator('option').allTextContents();
  for (const one of classes) {
    const before = await replayOf(page);
    await page.getByLabel('Class of a new fault').selectOption(one);
    await page.getByRole('button', { name: 'Add at the cursor' }).click();
    await anotherThan(page, before);
    const good = await replayOf(page);
    const form = page.locator('.fault').last();
    for (const field of await form.locator('input[type="number"]').all()) {
      const shown = await field.inputValue();
      const mayBeNever = (await field.getAttribute('placeholder')) === 'never';
      const isSigned =
        one.startsWith('clock-') && (await field.getAttribute('id'))!.endsWith('byUs');
      for (const nonsense of [
        ...(isSigned ? [] : ['-1000001']),
        '1e12',
        ...(mayBeNever ? [] : ['']),
      ]) {
        await put(field, nonsense);
        expect(await saidAt(page, field), `${one} ${nonsense}`).toMatch(/expected|no replica/);
        expect(await elsewhere(page), one).toEqual([]);
        expect(await replayOf(page), one).toBe(good);
      }
      await put(field, shown);
      await isWell(page, field);
    }
    await form.getByRole('button', { name: 'Remove' }).click();
    await anotherThan(page, good);
  }
  await page.context().close();
});

it('problems are found right by axe, and open what they are in', async () => {
  if (opened === undefined) return;
  const { page } = await opened.open({}, '#/lab');
  await page.waitForSelector('.stage-of-lab .canvases');
  await page.locator('summary', { hasText: 'Options of the lock' }).click();
  const field = page.locator('[id="field-options-retryDelayMs"]');
  await put(field, '0');
  expect(await saidAt(page, field)).toContain('option retryDelayMs is 0; it takes a number');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeFinds(page), colorScheme).toEqual([]);
  }
  const details = page.locator('details', { hasText: 'Options of the lock' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await isWell(page, field);
  await details.evaluate((one: HTMLDetailsElement) => {
    one.open = false;
  });
  await page.getByRole('button', { name: 'Redo' }).click();
  await page.locator('details[open]', { hasText: 'Options of the lock' }).waitFor();
  await page.context().close();
});

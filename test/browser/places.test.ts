/** What is kept, and what is opened, from one page to another. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtMain } from '../packaging/built.js';
import { type OpenedPage, withBrowser } from './chromium.js';
import { matrixText, traceText } from './reports.js';

let opened: OpenedPage | undefined;
beforeAll(async () => {
  opened = await withBrowser();
});
afterAll(() => opened?.close());

it('whoever leaves the Lab finds there again what was edited, and can undo it', async () => {
  if (opened === undefined) return;
  const { page } = await opened.open({}, '#/lab');
  const field = page.getByLabel(/^TTL/).first();
  const before = await field.inputValue();
  await field.fill('4321');
  await field.press('Enter');
  await page.getByRole('button', { name: 'Undo' }).and(page.locator(':enabled')).waitFor();
  const pages = page.getByRole('navigation', { name: 'Pages' });
  await pages.getByRole('link', { name: 'Matrix' }).click();
  await page.waitForFunction(() => document.querySelector('.lab') === null);
  await pages.getByRole('link', { name: 'Lab' }).click();
  await page.waitForSelector('.stage-of-lab .canvases');
  expect(await field.inputValue()).toBe('4321');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => field.inputValue()).toBe(before);
});

it('a trace is dropped on any page, and Explore shows it', async () => {
  if (opened === undefined) return;
  const text = await traceText('set-nx', '--seed', '2', '--run', '1');
  const { page, complaints } = await opened.open({}, '#/learn');
  await page.waitForSelector('.course');
  await page.evaluate((trace) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([trace], 'a.json', { type: 'application/json' }));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
  }, text);
  await page.waitForSelector('.explore .canvases');
  const { meta } = JSON.parse(text) as { meta: { digest: string } };
  expect(await page.locator('.explore .title code').textContent()).toBe(meta.digest);
  expect(complaints).toEqual([]);
});

it('a matrix from a file is there still after a look at one of its runs', async () => {
  if (opened === undefined) return;
  const { page } = await opened.open({}, '#/matrix');
  const buffer = Buffer.from(await matrixText());
  const files = page.locator('.matrix input[type=file]');
  await files.setInputFiles({ name: 'm.json', mimeType: 'application/json', buffer });
  await page.locator('.matrix table a').first().click();
  await page.waitForSelector('.explore .canvases');
  await page.goBack();
  await page.waitForSelector('.matrix table');
  expect(await page.locator('.commands').count()).toBe(0);
});

it('an address of no page says so', async () => {
  if (opened === undefined) return;
  const { page } = await opened.open({}, '#/lessons');
  expect(await page.getByRole('alert').textContent()).toBe('There is no page lessons.');
});

it.each([
  ['matrix', ['check', 'view']],
  ['cmp', ['run', 'check', 'real replay', 'view']],
])(
  '#/%s says what it is for while it is empty, with commands that there are',
  async (path, names) => {
    if (opened === undefined) return;
    const { page } = await opened.open({}, `#/${path}`);
    await page.waitForSelector('.commands');
    const lines = (await page.locator('.commands').allTextContents()).join('').trim().split('\n');
    const said = new Set<string>();
    for (const line of lines) {
      const name = names.find((one) => line.startsWith(`npx holdfast ${one} `));
      expect(name, line).toBeDefined();
      said.add(name!);
      const help = execFileSync(process.execPath, [builtMain(), ...name!.split(' '), '--help']);
      for (const option of line.match(/ --[a-z-]+/g) ?? []) {
        expect(String(help)).toContain(`${option} `);
      }
    }
    expect([...said]).toEqual(names);
    expect(await page.locator('input[type=file]').count()).toBeGreaterThan(0);
  },
);

it('the theme that was chosen is there again before the page is', async () => {
  if (opened === undefined) return;
  const { page } = await opened.open({ colorScheme: 'light' }, '#/');
  const root = page.locator('html');
  expect(await root.getAttribute('data-theme')).toBe('light');
  await page.getByRole('button', { name: 'Dark' }).click();
  await page.reload();
  await page.getByRole('button', { name: 'Light' }).waitFor();
  expect(await root.getAttribute('data-theme')).toBe('dark');
  await page.route('**/*.js', (request) => request.abort());
  await page.reload();
  expect(await root.evaluate((html) => getComputedStyle(html).colorScheme)).toBe('dark');
});

it('a browser that keeps nothing shows the theme all the same', async () => {
  if (opened === undefined) return;
  const { page, complaints } = await opened.open({ colorScheme: 'light' });
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('no', 'SecurityError');
      },
    });
  });
  await page.reload();
  await page.getByRole('button', { name: 'Dark' }).click();
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  expect(complaints).toEqual([]);
});

it('Ctrl Z and Ctrl Shift Z undo and redo edits of the Lab, and what is typed is the field’s', async () => {
  if (opened === undefined) return;
  const { page } = await opened.open({}, '#/lab');
  const field = page.getByLabel(/^TTL/).first();
  const before = await field.inputValue();
  const shows = (value: string) => expect.poll(() => field.inputValue()).toBe(value);
  await field.fill('4321');
  await field.press('Enter');
  await page.getByRole('button', { name: 'Undo' }).and(page.locator(':enabled')).waitFor();
  await page.keyboard.press('Control+z');
  await shows(before);
  await page.focus('.canvases');
  await page.keyboard.press('Control+Shift+Z');
  await shows('4321');
  await field.focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('77');
  await page.keyboard.press('Control+z');
  expect(await page.getByRole('button', { name: 'Redo' }).isEnabled()).toBe(false);
  await page.focus('.canvases');
  await page.keyboard.press('Control+z');
  await shows(before);
});

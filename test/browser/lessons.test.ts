/** The lessons in the page: predicted, shown, done, and found again. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permalink } from '../../src/lessons/catalogue.js';
import type { Ask, Lesson } from '../../src/lessons/lesson.js';
import { findEntry } from '../../src/story/glossary/index.js';
import { lessons } from '../lessons/all.js';
import { factsOf } from '../lessons/running.js';
import { type OpenedPage, withBrowser } from './chromium.js';

let opened: OpenedPage | undefined;
beforeAll(async () => {
  opened = await withBrowser();
});
afterAll(() => opened?.close());

async function answer(page: Page, { options, why }: Ask, right: number): Promise<void> {
  await page.waitForSelector('.veil');
  expect(await page.getByText('Right.', { exact: true }).count()).toBe(0);
  await page.locator('.ask button').nth(right).click();
  await page.getByText('Right.', { exact: true }).waitFor();
  expect(await page.locator('.veil').count()).toBe(0);
  expect(await page.locator('.ask .right').textContent()).toMatch(/^✓ /);
  expect(options.length).toBe(await page.locator('.ask button').count());
  const told = await page.locator('.ask [aria-live] p').textContent();
  // Up to the first number, which the run fills in.
  expect(told).toContain(why.split('{')[0]!.trim());
}

async function beShown(page: Page): Promise<void> {
  const status = page.locator('.task [role="status"]');
  expect(await status.textContent()).toBe('Not yet.');
  await page.getByRole('button', { name: 'Show me' }).click();
  await status.filter({ hasText: 'Done' }).waitFor();
}

async function take(page: Page, lesson: Lesson): Promise<void> {
  for (const [at, step] of lesson.steps.entries()) {
    await page.waitForSelector(`.steps [aria-current="step"][href="${permalink(lesson, at + 1)}"]`);
    expect(new URL(page.url()).hash).toBe(permalink(lesson, at + 1));
    await page.waitForSelector('.stage-of-lesson .canvases');
    if (step.ask !== undefined) {
      const facts = await factsOf(lesson, step);
      await answer(
        page,
        step.ask,
        step.ask.options.findIndex(({ holds }) => holds(facts)),
      );
    } else expect(await page.locator('.veil').count()).toBe(0);
    if (step.task !== undefined) await beShown(page);
    expect(await page.getByRole('alert').count()).toBe(0);
    if (at + 1 < lesson.steps.length)
      await page.getByRole('button', { name: 'Next', exact: true }).click();
  }
  if (lesson.source !== undefined) {
    expect(await page.locator('article').textContent()).toContain(`To read on: ${lesson.source}`);
  }
}

describe('each lesson in the page', () => {
  for (const lesson of lessons) {
    it(`${lesson.title}: can be taken to its end, and is done when it is found again`, async () => {
      if (opened === undefined) return;
      const { page, complaints, strayRequests } = await opened.open({}, permalink(lesson, 1));
      await take(page, lesson);
      await page.reload();
      await page.waitForSelector('.stage-of-lesson .canvases');
      const done = await page.locator('.steps a[aria-label$=", done"]').count();
      expect(done).toBe(lesson.steps.length);
      // An answer that was given is not asked for again.
      expect(await page.locator('.veil').count()).toBe(0);
      await page.goto(`${opened.served.address}#/learn`);
      const line = page.locator('.course li', { hasText: lesson.title });
      expect(await line.textContent()).toContain('done ✓');
      expect([...complaints, ...strayRequests]).toEqual([]);
      await page.context().close();
    });
  }
});

describe('a step', () => {
  it('is left by Back, by the button and by that of the browser', async () => {
    if (opened === undefined) return;
    const lesson = lessons[5]!;
    const { page } = await opened.open({}, permalink(lesson, 2));
    await page.waitForSelector('.stage-of-lesson .canvases');
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await page.waitForURL((url) => url.hash === permalink(lesson, 1));
    await page.goBack();
    await page.waitForSelector(`.steps [aria-current][href="${permalink(lesson, 2)}"]`);
  });

  it('that is gone on to by a button has the focus on its text', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open({}, permalink(lessons[5]!, 1));
    await page.waitForSelector('.say');
    expect(await page.title()).toBe('Learn · Holdfast');
    expect(await page.locator('.say:focus').count()).toBe(0);
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await page.waitForSelector(`.steps [aria-current][href="${permalink(lessons[5]!, 2)}"]`);
    await page.waitForSelector('.say:focus');
    await page.context().close();
  });

  it('shows a wrong answer as such, and which is right', async () => {
    if (opened === undefined) return;
    const lesson = lessons[5]!;
    const { page } = await opened.open({}, permalink(lesson, 1));
    await page.waitForSelector('.veil');
    await page.locator('.ask button', { hasText: 'Yes' }).click();
    await page.getByText('Not so.', { exact: true }).waitFor();
    expect(await page.locator('.ask .right').textContent()).toBe('✓ No');
  });

  it('tells nothing of what it asks for, to nobody, before there is an answer', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open({}, '#/learn/the-pause/3');
    await page.waitForSelector('.veil');
    const timeline = page.locator('.canvases');
    expect(await timeline.getAttribute('aria-label')).not.toContain('broken');
    for (let row = 0; row < 12; row++) await timeline.press('ArrowRight');
    expect((await page.locator('.heads .now').allTextContents()).join('')).toBe('');
    const instants = await page.locator('.axis span').allTextContents();
    const seconds = instants.filter((text) => text.endsWith(' s')).map(Number.parseFloat);
    expect(Math.max(0, ...seconds)).toBeLessThanOrEqual(1);
    await page.locator('.ask button').first().click();
    await page.getByText('Not so.', { exact: true }).waitFor();
    expect(await timeline.getAttribute('aria-label')).toContain('mutual-exclusion is broken');
    expect((await page.locator('.heads .now').allTextContents()).join('')).not.toBe('');
    await page.context().close();
  });

  it('that a lesson does not have is refused in words, with the way to the first', async () => {
    if (opened === undefined) return;
    const lesson = lessons[5]!;
    const { page } = await opened.open({}, permalink(lesson, 9));
    expect(await page.getByRole('alert').textContent()).toContain('has no step 9, but 4 steps');
    await page.getByRole('link', { name: 'begin with the first' }).click();
    await page.waitForSelector('.stage-of-lesson .canvases');
    await page.context().close();
  });

  it('says what it said before, also of times, whatever the learner has changed', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open({}, '#/learn/check-before-writing/4');
    for (const name of ['Hint', 'Another hint', 'Another hint']) {
      await page.getByRole('button', { name, exact: true }).click();
    }
    const said = () => page.locator('.hints').textContent();
    const before = await said();
    expect(before).toContain('A comes to call 15 at 2.0024 s');
    await page.getByRole('spinbutton', { name: 'pause at call number' }).fill('3');
    await page.keyboard.press('Tab');
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('.task input')?.value === '3',
    );
    await page.getByText('A comes to call 15').waitFor();
    expect(await said()).toBe(before);
    await page.context().close();
  });

  it('draws its own layers; others are turned on by keys, and are in the address', async () => {
    if (opened === undefined) return;
    const lesson = lessons[5]!;
    const { page } = await opened.open({}, permalink(lesson, 2));
    await page.waitForSelector('.stage-of-lesson .canvases');
    const isOn = (name: string) =>
      page.getByRole('button', { name, exact: true }).getAttribute('aria-pressed');
    await page.focus('.canvases');
    await page.keyboard.press('l');
    expect(await isOn('Belief')).toBe('true');
    expect(await isOn('Messages')).toBe('false');
    await page.keyboard.press('m');
    expect(await isOn('Messages')).toBe('true');
    await page.waitForURL(/show=truth_belief_leases_sections_messages_faults_accesses$/);
    await page.reload();
    await page.waitForSelector('.stage-of-lesson .canvases');
    await page.getByRole('button', { name: /^Layers 7/ }).waitFor();
    // As it was meant, the step has its own address again.
    await page.focus('.canvases');
    await page.keyboard.press('m');
    await page.waitForURL((url) => url.hash === permalink(lesson, 2));
  });

  it('of a lesson that is none is refused in words', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open({}, '#/learn/no-such-lesson/1');
    expect(await page.getByRole('alert').textContent()).toContain('no-such-lesson');
  });
});

it('the marks and words of a run are explained beside it, and give no answer away', async () => {
  if (opened === undefined) return;
  const explained = async (path: string): Promise<string[]> => {
    const { page } = await opened!.open({}, path);
    await page.getByText('What the marks and words mean').click();
    await page.waitForSelector('.legend-of-marks li');
    const words = await page.locator('.legend-of-marks dl > div').allInnerTexts();
    await page.context().close();
    return words.map((text) => text.replace(/\s*\n\s*/, ': '));
  };
  const meaning = (name: string) => `${name}: ${findEntry(name)?.short}`;
  const told = ['leak', 'for-ever', 'client-crash', 'probe'].map(meaning);
  expect(await explained('#/learn/never-came-back/2')).toEqual(told);
  const asked = ['pause', 'probe'].map(meaning);
  expect(await explained('#/learn/the-pause/3')).toEqual(asked);
  expect(await explained('#/lab')).toEqual([
    ...['mutual-exclusion', 'stale-belief', 'resource-safety'].map(meaning),
    ...asked,
  ]);
});

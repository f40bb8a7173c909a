/** The Lab as its user sees it, for tests of that page. */
import type { Locator, Page } from 'playwright-core';

/** The editor, or the plain field before it. */
export function textOf(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Scenario as JSON' });
}

export async function openText(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'JSON' }).click();
  await page.waitForSelector('.cm-content');
  return textOf(page);
}

/** Selects the nth piece of the editor's text that is shown as one. */
export async function choose(page: Page, piece: string, nth = 0): Promise<void> {
  await page.evaluate(
    ([wanted, at]) => {
      const content = document.querySelector<HTMLElement>('.cm-content')!;
      content.focus();
      const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
      let left = at;
      for (let leaf = walker.nextNode(); leaf !== null; leaf = walker.nextNode()) {
        if (leaf.textContent !== wanted || left-- > 0) continue;
        getSelection()!.selectAllChildren(leaf.parentElement!);
        return;
      }
      throw new Error(`no piece ${wanted}`);
    },
    [piece, nth] as const,
  );
}

/** The replay code of the run that is shown: another run has another one. */
export function replayOf(page: Page): Promise<string> {
  return page.evaluate(() => new URLSearchParams(location.hash.split('?')[1]).get('run') ?? '');
}

/** Waits until another run is shown than that one. */
export async function anotherThan(page: Page, replay: string): Promise<string> {
  await page.waitForFunction(
    (before) => new URLSearchParams(location.hash.split('?')[1]).get('run') !== before,
    replay,
  );
  return replayOf(page);
}

/** What is marked in the editor's text, once that much is. */
export async function markedIn(page: Page, count: number): Promise<string[]> {
  const marks = page.locator('.cm-lintRange-error, .cm-lintPoint-error');
  await page.waitForFunction(
    (wanted) =>
      document.querySelectorAll('.cm-lintRange-error, .cm-lintPoint-error').length === wanted,
    count,
  );
  return marks.allInnerTexts();
}

/** What is said beneath the text. */
export async function saidOf(page: Page): Promise<string> {
  return (await page.locator('.text [role="status"] p').allTextContents()).join(' ');
}

/** The lines of the text that are in view, with one space at each end. */
export async function linesOf(page: Page): Promise<string> {
  return ` ${(await page.locator('.cm-line').allTextContents()).join(' ')} `;
}

/** What the page of a run shows, read from it as its reader would: for tests of that page. */
import type { Page } from 'playwright-core';

export interface Shown {
  /** Row that is chosen, from 0; −1: none. */
  readonly row: number;
  readonly cursorUs: number;
  /** First and last instant in the picture. */
  readonly from: number;
  readonly until: number;
  readonly isExplained: boolean;
  readonly address: string;
}

/** The address follows a move, and the voice a choice, once moves pause so long. */
const PAUSE_MS = 280;

/** Waits until the page has drawn a run and its address and voice say what it shows. */
export async function settled(page: Page): Promise<Shown> {
  await drawn(page);
  await page.waitForTimeout(PAUSE_MS);
  return shown(page);
}

/** Waits until the page has drawn a run; the address may still be of before. */
export async function drawn(page: Page): Promise<Shown> {
  await page.waitForSelector('.canvases');
  await page.waitForFunction(() => /[?&]z=/.test(location.hash));
  await page.evaluate(() => new Promise((then) => requestAnimationFrame(() => setTimeout(then))));
  return shown(page);
}

function shown(page: Page): Promise<Shown> {
  return page.evaluate(() => {
    const parameters = new URLSearchParams(location.hash.split('?')[1]);
    const [from, until] = (parameters.get('z') ?? '').split('_').map(Number);
    const heading = document.querySelector('[aria-label="Chosen event"] h2')?.textContent;
    const slider = document.querySelector<HTMLInputElement>('input[aria-label="Instant"]');
    return {
      row: Number(/Event (\d+)/.exec(heading ?? '')?.[1] ?? 0) - 1,
      cursorUs: Number(slider?.value),
      from: from!,
      until: until!,
      isExplained: document.querySelector('.violation [aria-pressed="true"]') !== null,
      address: location.hash,
    };
  });
}

/** Gives the focus to the timeline, and presses keys there. */
export async function press(page: Page, ...keys: readonly string[]): Promise<Shown> {
  await page.focus('.canvases');
  for (const key of keys) await page.keyboard.press(key);
  return drawn(page);
}

/** The same, and waits for address and voice. */
export async function pressAndWait(page: Page, ...keys: readonly string[]): Promise<Shown> {
  await press(page, ...keys);
  return settled(page);
}

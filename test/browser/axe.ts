/** What axe-core, and our own eyes for the focus, find wrong with a page. */
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

const SCRIPT = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** One line for each thing that a rule of axe finds: the rule, and where. */
export async function axeFinds(page: Page): Promise<string[]> {
  const isThere = await page.evaluate(() => 'axe' in window);
  if (!isThere) await page.addScriptTag({ path: SCRIPT });
  return page.evaluate(async () => {
    const { axe: engine } = window as unknown as { axe: typeof axe };
    const { violations } = await engine.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${String(target)}: ${failureSummary}`),
    );
  });
}

/** Goes through the page by Tab; what it stops at, and where no outline shows that it does. */
export async function walk(page: Page): Promise<{ stops: string[]; unseen: string[] }> {
  const stops: string[] = [];
  const unseen: string[] = [];
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (let turn = 0; turn < 400; turn++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return undefined;
      const again = element.hasAttribute('data-walked');
      element.setAttribute('data-walked', '');
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const name = element.outerHTML.slice(0, 120);
      return { name, again, isSeen: outlineStyle !== 'none' && outlineWidth !== '0px' };
    });
    if (at === undefined || at.again) break;
    stops.push(at.name);
    if (!at.isSeen) unseen.push(at.name);
  }
  return { stops, unseen };
}

/** Controls that Tab should have stopped at and did not. */
export function missed(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary')]
      .filter((element) => {
        const isOne = element.tabIndex >= 0 && !element.matches(':disabled, [data-walked]');
        // Of radio buttons of one name Tab stops at the one that is chosen.
        const isRadio = element.matches('input[type="radio"]:not(:checked)');
        return isOne && !isRadio && element.checkVisibility();
      })
      .map((element) => element.outerHTML.slice(0, 120)),
  );
}

/**
 * A real browser for tests of the page: Debian's Chromium, at CHROMIUM_PATH or in the usual places.
 * Without one, tests of the page say loudly that they did not look; in CI they fail.
 */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type ServedPage, servePage } from './serve.js';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Pictures that do not depend on the machine, and no talk with anybody: Chromium asks its makers
 * for news at every start otherwise.
 */
const FLAGS = [
  '--no-sandbox',
  '--force-device-scale-factor=1',
  '--font-render-hinting=none',
  '--disable-lcd-text',
  '--disable-font-subpixel-positioning',
  '--hide-scrollbars',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where the browser is; undefined if there is none. */
export function browserPath(): string | undefined {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined) {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM_PATH is ${named}, and there is no such file`);
  }
  return PLACES.find((place) => existsSync(place));
}

/** The built page in a browser. */
export interface OpenedPage {
  readonly browser: Browser;
  readonly served: ServedPage;
  /** A fresh page, at the served address; `path` goes after it. */
  open(options?: BrowserContextOptions, path?: string, documents?: Documents): Promise<Visit>;
  close(): Promise<void>;
}

const OPTIONAL = /\/(?:trace|matrix)\.json$/;

/** Files that the command would serve beside the page, by name. */
export type Documents = Readonly<Record<string, string>>;

export interface Visit {
  readonly page: Page;
  /** Requests to anything but the served files. */
  readonly strayRequests: string[];
  /** Errors and warnings of the page. */
  readonly complaints: string[];
}

/**
 * The built page, ready to be opened; undefined, and a loud word, if there is no browser.
 *
 * @throws if there is none in CI, or if the page is older than its sources.
 */
export async function withBrowser(): Promise<OpenedPage | undefined> {
  const executablePath = browserPath();
  if (executablePath === undefined) {
    const places = PLACES.join(', ');
    const missing = `no Chromium at CHROMIUM_PATH, ${places}: apt-get install chromium`;
    if (process.env['CI'] !== undefined) throw new Error(missing);
    console.warn(`\n!!! THE PAGE IS NOT TESTED: ${missing}\n`);
    return undefined;
  }
  const served = await servePage();
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  return {
    browser,
    served,
    open: (options = {}, path = '', documents = {}) =>
      visit(browser, { served, options, path, documents }),
    close: async () => {
      await browser.close();
      await served.close();
    },
  };
}

interface VisitPlan {
  readonly served: ServedPage;
  readonly options: BrowserContextOptions;
  readonly path: string;
  readonly documents: Documents;
}

async function visit(
  browser: Browser,
  { served: { address }, options, path, documents }: VisitPlan,
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 720 },
    reducedMotion: 'reduce',
    ...options,
  });
  for (const [name, body] of Object.entries(documents)) {
    await context.route(address + name, (route) =>
      route.fulfill({ body, contentType: 'application/json' }),
    );
  }
  const page = await context.newPage();
  const strayRequests: string[] = [];
  const complaints: string[] = [];
  context.on('request', (request) => {
    const url = request.url();
    const isOurs = url.startsWith(address) || /^(?:blob|data):/.test(url);
    if (!isOurs) strayRequests.push(url);
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    // A page asks whether a document came with it; that none did is no fault.
    if (OPTIONAL.test(message.location().url)) return;
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(address + path);
  return { page, strayRequests, complaints };
}

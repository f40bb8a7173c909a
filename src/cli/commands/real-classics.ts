/** `holdfast real classics`: the best known failures of locks, confirmed on real servers. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Confirmation, confirm } from '../../real/replay/confirm.js';
import type { Property } from '../../verdict.js';
import { type Session, withEngines } from '../context.js';
import { EXIT } from '../exit-code.js';
import { abandonable, interruptible } from '../interrupt.js';
import { openInBrowser } from '../open-browser.js';
import { outcomeText } from '../real-text.js';
import { painter } from '../terminal.js';
import { indented } from '../text.js';
import { ourVersion } from '../version.js';
import { assertViewer } from '../viewer-files.js';
import { serveViewer } from '../viewer-server.js';

interface Classic {
  readonly id: string;
  readonly title: string;
  readonly property: Property;
  readonly replay: string;
}

export interface RealClassicsOptions {
  /** Serves the viewer with all of them, and opens the first. */
  readonly view?: boolean;
  readonly open?: boolean;
}

const FILE = fileURLToPath(new URL('../../../examples/classics.json', import.meta.url));
/** Most of a story is waiting for a TTL to pass. The one that waits longest stands first. */
const AT_ONCE = 2;

export async function realClassics(
  session: Session,
  { view, open }: RealClassicsOptions,
): Promise<number> {
  const wantsView = view === true || open === true;
  if (wantsView) assertViewer();
  const classics = JSON.parse(readFileSync(FILE, 'utf8')) as readonly Classic[];
  const played = await abandonable(session, () => playAll(session, classics));
  if (played === 'interrupted') {
    // What was started ends with this process, and nothing else would end it now.
    session.exitNow(EXIT.interrupted);
    return EXIT.interrupted;
  }
  if (wantsView) await show(session, played, open === true);
  const confirmed = [...played.values()].filter(({ outcome }) => outcome === 'confirmed');
  return confirmed.length === classics.length ? EXIT.valid : EXIT.unknown;
}

async function playAll(
  session: Session,
  classics: readonly Classic[],
): Promise<Map<Classic, Confirmation>> {
  const waiting = [...classics];
  const played = new Map<Classic, Confirmation>();
  await withEngines(session, AT_ONCE, async (engines) => {
    const work = async (engine: (typeof engines)[number]) => {
      for (let classic = waiting.shift(); classic !== undefined; classic = waiting.shift()) {
        const { replay: code, property } = classic;
        const confirmation = await confirm(engine, { code, property }, ourVersion());
        if (confirmation === undefined) continue;
        played.set(classic, confirmation);
        report(session, classic, confirmation);
      }
    };
    await Promise.all(engines.map(work));
  });
  return played;
}

function report({ terminal }: Session, { title }: Classic, played: Confirmation): void {
  const paint = painter(terminal);
  const [sign, mood, words] = outcomeText(played.outcome);
  const { outcome, why, tookMs, story } = played;
  const seconds = `${(tookMs / 1_000).toFixed(1)} s`;
  const what = `${story.scenario.algorithm}, ${story.broken.class ?? story.broken.property}`;
  const rest = outcome === 'confirmed' ? seconds : (why ?? '');
  const text = `${title} (${what}): ${words}, ${rest}`;
  for (const line of indented(text, terminal.columns, `${sign} `, '  ')) {
    terminal.line(paint(mood, line));
  }
}

/** Both runs of each, laid side by side, until somebody ends it. */
async function show(
  session: Session,
  played: ReadonlyMap<Classic, Confirmation>,
  open: boolean,
): Promise<void> {
  const documents = new Map<string, string>();
  const pages: [title: string, page: string][] = [];
  for (const [{ id, title }, { simulatedTrace, realTrace }] of played) {
    if (realTrace === undefined) continue;
    documents.set(`/${id}-simulated.json`, JSON.stringify(simulatedTrace));
    documents.set(`/${id}-real.json`, JSON.stringify(realTrace));
    pages.push([title, `#/cmp?a=${id}-simulated.json&b=${id}-real.json`]);
  }
  const serving = await serveViewer(documents, 0);
  const { terminal } = session;
  await interruptible(session, (stop) => {
    terminal.line();
    for (const [title, page] of pages) terminal.line(`${title}\n  ${serving.address}${page}`);
    terminal.note('Ctrl-C ends it');
    const [first] = pages;
    if (open && first !== undefined) {
      openInBrowser(`${serving.address}${first[1]}`, (sentence) => terminal.note(sentence));
    }
    return new Promise<void>((resolve) => {
      stop.addEventListener('abort', () => resolve(), { once: true });
    });
  });
  await serving.close();
}

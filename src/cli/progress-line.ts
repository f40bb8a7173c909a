/**
 * What a campaign has done so far: one line, written over and over, where somebody watches; else a
 * plain line every ten seconds. Always on the error output, so that results can be piped.
 */
import type { Progress } from '../host/engine-api.js';
import { count, instant, plural } from '../story/words.js';
import { RUNS_MAX } from './arguments.js';
import type { Session } from './context.js';
import { rough } from './lock-text.js';
import { widthOf } from './text.js';

const WATCHED_EVERY_MS = 100;
const LOGGED_EVERY_MS = 10_000;
const CLEAR = '\r\u001b[2K';

export interface ProgressLine {
  show(progress: Progress): void;
  /** Takes the line away, so that other text can be printed. */
  clear(): void;
}

export function createProgressLine(session: Session, silent: boolean): ProgressLine {
  if (silent) return { show: () => {}, clear: () => {} };
  const { terminal } = session;
  const everyMs = terminal.watched ? WATCHED_EVERY_MS : LOGGED_EVERY_MS;
  let lastMs = terminal.watched ? Number.NEGATIVE_INFINITY : session.elapsedMs();
  let shown = false;
  return {
    show(progress) {
      // A log says what was done, and what is shrunk has been counted by then.
      if (!terminal.watched && progress.candidates !== undefined) return;
      const nowMs = session.elapsedMs();
      if (nowMs - lastMs < everyMs) return;
      lastMs = nowMs;
      const text = progressText(progress);
      if (!terminal.watched) return terminal.note(text);
      const fits = widthOf(text) < terminal.columns ? text : text.slice(0, terminal.columns - 1);
      terminal.raw(CLEAR + fits);
      shown = true;
    },
    clear() {
      if (shown) terminal.raw(CLEAR);
      shown = false;
    },
  };
}

export function progressText(progress: Progress): string {
  const { lock, runs, ofRuns, events, elapsedMs, violations, candidates } = progress;
  const elapsed = instant(Math.round(elapsedMs / 100) * 100_000).replace(/(\.\d)00 s$/, '$1 s');
  const found = violations === 0 ? '' : ` · ${plural(violations, 'violation')}`;
  if (candidates !== undefined) {
    return `${lock}: shrinking, ${plural(candidates, 'candidate')} · ${elapsed}${found}`;
  }
  // A break that is known to be rare is looked for in more runs than were asked for.
  const of = ofRuns >= RUNS_MAX || runs > ofRuns ? '' : ` of ${count(ofRuns)}`;
  const speed = elapsedMs > 0 ? ` · ${rough((events * 1000) / elapsedMs)} events/s` : '';
  return `${lock}: ${count(runs)}${of} runs · ${elapsed}${speed}${found}`;
}

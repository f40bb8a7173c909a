/**
 * What a real process may be late by without it being its lock's doing: a timer fires, and code
 * runs on, when the event loop of a busy machine gets to it. A simulated process has no such bounds
 * (docs/semantics.md, R0, R11).
 */
import type { History } from '../../history.js';

const LATE_MS = 50;
/** What a lock declares to need, if it declares nothing. */
const NOTICE_MS = 1;

/** What is fixed for a run, with that much more time for what the event loop has to do. */
export function withLateness(world: History['world']): History['world'] {
  const { declares, longestLatencyUs } = world;
  const noticeMs = (declares.noticeMs ?? NOTICE_MS) + LATE_MS;
  return {
    ...world,
    longestLatencyUs: longestLatencyUs + LATE_MS * 1_000,
    declares: { ...declares, noticeMs },
  };
}

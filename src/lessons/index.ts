/** The lessons, in the order in which they are taught. */
import { oneHolder } from './01-one-holder.js';
import { neverCameBack } from './02-never-came-back.js';
import { tooShort } from './03-too-short-a-lease.js';
import { whoseKey } from './04-whose-key.js';
import { twoSteps } from './05-two-steps.js';
import { thePause } from './06-the-pause.js';
import { checkBeforeWriting } from './07-check-before-writing.js';
import { fencing } from './08-fencing.js';
import { delayedPacket } from './09-delayed-packet.js';
import { theWatchdog } from './10-the-watchdog.js';
import type { Lesson } from './lesson.js';

export const lessons: readonly Lesson[] = [
  oneHolder,
  neverCameBack,
  tooShort,
  whoseKey,
  twoSteps,
  thePause,
  checkBeforeWriting,
  fencing,
  delayedPacket,
  theWatchdog,
];

/** Those to begin with: 20 minutes from what a lock is to why a lease is not enough. */
export const FIRST_PATH: readonly Lesson[] = lessons.slice(0, 6);

/** Where a step is found, from 1; it stays where it is as long as the lesson has that step. */
export function permalink({ id }: Lesson, step: number): string {
  return `#/learn/${id}/${step}`;
}

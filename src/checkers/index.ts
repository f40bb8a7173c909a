/** The registry of checkers: all that judge one history, in the order of their reports. */
import { belief } from './belief.js';
import type { Checker } from './checker.js';
import { fencing } from './fencing.js';
import { leak } from './leak.js';
import { mutualExclusion } from './mutual-exclusion.js';
import { ownership } from './ownership.js';
import { progress } from './progress.js';
import { resourceSafety } from './resource-safety.js';

export const CHECKERS: readonly Checker[] = [
  mutualExclusion,
  resourceSafety,
  fencing,
  ownership,
  leak,
  progress,
  belief,
];

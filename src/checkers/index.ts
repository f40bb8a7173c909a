/** The registry of checkers: all that may judge a history, in the order of their reports. */
import { belief } from './belief.js';
import type { Checker } from './checker.js';
import { fairness } from './fairness.js';
import { fencing } from './fencing.js';
import { leak } from './leak.js';
import { mutualExclusion } from './mutual-exclusion.js';
import { ownership } from './ownership.js';
import { permits } from './permits.js';
import { progress } from './progress.js';
import { readWrite } from './read-write.js';
import { reentrancy } from './reentrancy.js';
import { resourceSafety } from './resource-safety.js';

export const CHECKERS: readonly Checker[] = [
  mutualExclusion,
  readWrite,
  permits,
  reentrancy,
  resourceSafety,
  fencing,
  ownership,
  leak,
  progress,
  fairness,
  belief,
];

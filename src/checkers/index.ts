/** The registry of checkers: all that judge one history, in the order in which they are reported. */
import type { Checker } from './checker.js';
import { mutualExclusion } from './mutual-exclusion.js';

export const CHECKERS: readonly Checker[] = [mutualExclusion];

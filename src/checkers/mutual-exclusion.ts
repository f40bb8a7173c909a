/**
 * Mutual exclusion: no two sections that exclude each other overlap. Judged by what holders do, in
 * world time; every overlap is classed by who could have known (docs/semantics.md, R2 and R3).
 */
import { type Checker, notApplicable, valid } from './checker.js';
import { overlapVerdict } from './overlap-verdict.js';
import { worstOverlap } from './overlaps.js';

const JUDGED_BY_PERMITS = 'several may hold this lock at once: see permits';
const JUDGED_BY_READ_WRITE = 'readers may hold this lock together: see read-write';

export const mutualExclusion: Checker = {
  property: 'mutual-exclusion',
  check(index) {
    const { readWrite, permits } = index.history.world.declares;
    if (permits !== undefined) return notApplicable('mutual-exclusion', JUDGED_BY_PERMITS);
    if (readWrite) return notApplicable('mutual-exclusion', JUDGED_BY_READ_WRITE);
    const overlap = worstOverlap(index);
    if (overlap === undefined) return valid('mutual-exclusion');
    return overlapVerdict('mutual-exclusion', index, overlap);
  },
};

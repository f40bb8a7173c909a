/**
 * Readers and writers: a writer is alone, readers may be several. Mutual exclusion of sections
 * whose modes exclude each other, with its classes (docs/semantics.md, R17).
 */
import { type Checker, valid } from './checker.js';
import { overlapVerdict } from './overlap-verdict.js';
import { worstOverlap } from './overlaps.js';

export const readWrite: Checker = {
  property: 'read-write',
  ofDeclared: 'readWrite',
  butNot: 'permits',
  check(index) {
    const overlap = worstOverlap(index);
    if (overlap === undefined) return valid('read-write');
    return overlapVerdict('read-write', index, overlap);
  },
};

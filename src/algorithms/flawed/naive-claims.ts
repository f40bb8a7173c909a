/**
 * What the authors of the flawed locks would say of them: that everything holds. Most of these
 * designs were shipped by somebody who believed it.
 */
import type { Claims } from '../lock.js';

export const NAIVE_CLAIMS: Claims = {
  'mutual-exclusion': { default: 'holds' },
  'resource-safety': { default: 'holds' },
  ownership: { default: 'holds' },
  leak: { default: 'holds' },
  progress: { default: 'holds' },
  belief: { default: 'holds' },
};

/**
 * What authors of locks on PostgreSQL accept, with the reason and who says so: most of it follows
 * from how it commits, replicates and ends sessions, and not from the lock (docs/semantics.md,
 * R13).
 */
import { PAUSED_HOLDER, TOLD_EARLY, within } from './claims.js';
import type { Claim, Claims } from './lock.js';

type Accepted = Exclude<Claim, 'holds'>;

const DOCUMENTATION = 'PostgreSQL documentation';

const DATABASE_CLOCK_STEP: Accepted = {
  worst: 'breaks',
  reason: 'rows run out by the clock of the database; a step forward ends them in their term',
  source: `${DOCUMENTATION}, "Date/Time Functions and Operators", section "Current Date/Time"`,
};

export const TABLE_CLAIMS: Claims = {
  'mutual-exclusion': {
    default: 'holds',
    pause: within(10_000, PAUSED_HOLDER),
    'clock-step': within(10_000, DATABASE_CLOCK_STEP),
  },
  'resource-safety': { default: 'holds' },
  ownership: { default: 'holds' },
  leak: { default: 'holds' },
  progress: { default: 'holds' },
  belief: { default: 'holds', pause: TOLD_EARLY },
};

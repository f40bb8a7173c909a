/**
 * Resource safety: the resource never accepts an access of an earlier holder after one of a later
 * holder (docs/semantics.md, R12). Judged at the resource, so writes that were in flight count
 * when they arrive; an overlap of sections that leaves no trace there is the business of mutual
 * exclusion. What breaks the workload's own promise is worse than what only breaks the order.
 */
import type { PropertyVerdict } from '../verdict.js';
import { damageVerdict, lateVerdict } from './access-verdict.js';
import { type Checker, notApplicable, valid } from './checker.js';
import { findDamage } from './damage.js';
import { findLateAccess } from './late-access.js';
import type { HistoryIndex } from './sections.js';

/**
 * The witness is the last access of the later holder, and the first one after it that is late.
 * Holders of several permits have no order (R18).
 */
export const resourceSafety: Checker = {
  property: 'resource-safety',
  check(index: HistoryIndex): PropertyVerdict {
    if (index.accesses.length === 0) {
      const reason = 'nobody reached the resource';
      return notApplicable('resource-safety', reason);
    }
    const { permits = 1 } = index.history.world.declares;
    if (permits > 1) {
      return notApplicable('resource-safety', 'holders of several permits have no order');
    }
    const late = findLateAccess(index);
    const { invariants } = index.history.world;
    const damage = invariants && findDamage(index, invariants);
    if (damage !== undefined) return damageVerdict(index, damage, late);
    return late === undefined ? valid('resource-safety') : lateVerdict(index, late);
  },
};

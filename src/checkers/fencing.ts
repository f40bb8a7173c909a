/**
 * Fencing: tokens of one key strictly increase in the order in which leases were applied, come with
 * the grant and belong to one grant (docs/semantics.md, R12). A resource can refuse a stale holder
 * only if every later grant has a higher token, also across a failover that forgot some grants.
 */
import type { PropertyVerdict } from '../verdict.js';
import { type Checker, notApplicable } from './checker.js';
import type { HistoryIndex } from './sections.js';
import { judgeTokens } from './tokens.js';

/** Judges the grants of locks that hand out tokens. */
export const fencing: Checker = {
  property: 'fencing',
  check(index: HistoryIndex): PropertyVerdict {
    const granted = index.grants.filter(({ acquire }) => acquire.completion?.type === 'ok');
    if (granted.every(({ acquire }) => acquire.completion!.fencingToken === undefined)) {
      return notApplicable('fencing', 'no grant carried a fencing token');
    }
    return judgeTokens(index, granted);
  },
};

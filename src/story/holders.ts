/** Who holds the lock at an instant, as far as its clients know. */
import { overAt } from '../checkers/holding.js';
import { type Grant, type HistoryIndex, NONE } from '../checkers/sections.js';

/** The grants that were returned by then and neither given back, told lost nor ended by a death. */
export function holdersAt(index: HistoryIndex, atUs: number): Grant[] {
  return index.grants.filter((grant) => {
    const { completion } = grant.acquire;
    if (completion?.type !== 'ok' || completion.atUs > atUs) return false;
    const over = overAt(index, grant);
    return over === NONE || index.records[over]!.atUs > atUs;
  });
}

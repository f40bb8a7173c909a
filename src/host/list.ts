/** What `holdfast list` lists: every built-in lock and what it says of itself. */
import { locks } from '../algorithms/index.js';
import type { ListEntry } from './engine-api.js';

export function listLocks(): ListEntry[] {
  return locks.map(({ name, summary, flaw, services, claims }) => ({
    name,
    summary,
    flawed: flaw !== undefined,
    ...(flaw === undefined ? {} : { flaw }),
    services,
    claims,
  }));
}

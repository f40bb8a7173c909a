/**
 * Which requests a server may keep while it serves others. Of all others a free run waits for the
 * answer before it lets the next one through, however busy the machine is: so the order in which
 * the server got them is known.
 */
import type { HostId } from '../../fault.js';
import { serviceOf } from '../../service.js';

/** Redis: they wait for an element, a message, or replicas (`src/commands`, flag BLOCKING). */
const OF_REDIS = /^(?:B[LRZ][A-Z]*|WAIT|WAITAOF|XREAD|XREADGROUP|P?SUBSCRIBE|SSUBSCRIBE)\b/i;
/** PostgreSQL: whatever takes a lock on a row, a table or a number waits for who has it. */
const OF_POSTGRES =
  /^(?!\s*SELECT\b)|\bFOR\s+(?:NO\s+KEY\s+)?(?:UPDATE|SHARE|KEY)|advisory_(?:xact_)?lock|pg_sleep/i;

/** `text`: what a trace shows of the request. */
export function mayBlock(server: HostId, text: string): boolean {
  switch (serviceOf(server)) {
    case 'redis':
      return OF_REDIS.test(text);
    case 'postgres':
      return OF_POSTGRES.test(text);
    default:
      return false;
  }
}

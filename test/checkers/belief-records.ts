/** Records and beginnings that the stories about belief share. */
import type { ValidityRecord } from '../../src/history.js';
import { type AcquireTold, story } from './history-builder.js';

export const push = { push: true } as const;
export const pull = { pull: true } as const;
/** TTL 100 ms, notice 1 ms, guard 10 ms; sent at 0, so the local deadline is at 100 ms. */
export const held = (offers: AcquireTold = push) =>
  story('A', 'B').ttl(100).acquire('A', 0, offers);
export const checked = (atMs: number, validForMs: number, calledMs = atMs): ValidityRecord => ({
  type: 'validity',
  atUs: atMs * 1000,
  calledAtUs: calledMs * 1000,
  grant: 1,
  validForMs,
});

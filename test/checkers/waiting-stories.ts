/** Beginnings that the stories about waiting share. */
import type { LeaseRecord } from '../../src/history.js';
import { type Story, story } from './history-builder.js';

const BOUND = 20;
/** TTL 100 ms, bound 20 ms; faults end at 50 ms, the run at 200 ms. */
export const world = (...clients: string[]) =>
  story(...clients)
    .ttl(100)
    .declares({ progressBoundMs: BOUND })
    .healed(50)
    .end(200);
/** The probe waits from 50 ms on; `null`: for ever. */
export const probed = (told: Story, endMs: number | null = 60) =>
  told.acquire('P', 50, { waitMs: null, endMs, on: endMs === null ? [] : ['r1'] });
export const waiting = { waitMs: null, on: [], endMs: null } as const;
/** A lease of 100 ms that no operation asked for. */
export const leaseOfNobody = (sentMs: number, appliedMs: number): LeaseRecord => ({
  type: 'lease',
  atUs: appliedMs * 1_000,
  lease: 9,
  key: 'lock',
  server: 'r1',
  host: 'A',
  incarnation: 1,
  operation: '',
  sentAtUs: sentMs * 1_000,
  termUs: 100_000,
  extends: false,
});
/** A refused acquire that may wait for 30 ms. */
export const refusedAt = (endMs: number) => ({ waitMs: 30, on: [], endMs, ends: 'fail' }) as const;

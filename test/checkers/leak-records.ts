/** Records and beginnings that the stories about leaks share. */
import type {
  LeaseEndRecord,
  LeaseRecord,
  PendingRecord,
  RequestRecord,
} from '../../src/history.js';
import { story } from './history-builder.js';

export const TTL_MS = 100;
export const held = () => story('A', 'B').ttl(TTL_MS).acquire('A', 0).enter('A', 2);
/** A leaves at 10 ms; its release ends at 12 ms and reaches no server. */
export const releaseLost = () =>
  held().exit('A', 10).release('A', 10, { on: [], endMs: 12, ends: 'info' });
/** A dies inside at 10 ms. */
export const died = () => held().crash('A', 10);

export const pending = (requests: number, timers: number, more: Partial<PendingRecord> = {}) =>
  ({ type: 'pending', atUs: 0, client: 'A', incarnation: 1, requests, timers, ...more }) as const;
/** What is left is written down when the run ends. */
export const atEnd = (record: PendingRecord, atMs: number): PendingRecord => ({
  ...record,
  atUs: atMs * 1000,
});
export const request = (
  sentMs: number,
  atMs: number,
  more: Partial<RequestRecord> = {},
): RequestRecord => ({
  type: 'request',
  atUs: atMs * 1000,
  sentAtUs: sentMs * 1000,
  action: 'release',
  client: 'A',
  incarnation: 1,
  operation: 'A1',
  server: 'r1',
  key: 'lock',
  effect: 'none',
  ...more,
});
export const ownedByA1 = { host: 'A', incarnation: 1, operation: 'A1' } as const;
/** An extension of the lease of A1, sent and applied at the same instant unless told otherwise. */
export const extension = (sentMs: number, more: Partial<LeaseRecord> = {}): LeaseRecord => ({
  type: 'lease',
  atUs: sentMs * 1000,
  lease: 90,
  key: 'lock',
  server: 'r1',
  host: 'A',
  incarnation: 1,
  operation: 'A1',
  owner: ownedByA1,
  sentAtUs: sentMs * 1000,
  termUs: TTL_MS * 1000,
  extends: true,
  ...more,
});
export const expiry = (atMs: number, lease = 90): LeaseEndRecord => ({
  type: 'lease-end',
  atUs: atMs * 1000,
  lease,
  cause: 'expired',
});

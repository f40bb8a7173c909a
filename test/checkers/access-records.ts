/** Records and beginnings that the stories about accesses to the resource share. */
import type { AccessRecord } from '../../src/history.js';
import { story } from './history-builder.js';

/** Grants are numbered in the order in which a story tells them. */
export const access = (
  grant: number,
  client: string,
  atMs: number,
  what: AccessRecord['access'],
  more: Partial<AccessRecord> = {},
): AccessRecord => ({
  type: 'access',
  atUs: atMs * 1000,
  resource: 'store',
  key: 'lock',
  access: what,
  client,
  grant,
  accepted: true,
  ...more,
});
export const read = (
  grant: number,
  client: string,
  atMs: number,
  more: Partial<AccessRecord> = {},
) => access(grant, client, atMs, 'read', more);
export const write = (
  grant: number,
  client: string,
  atMs: number,
  more: Partial<AccessRecord> = {},
) => access(grant, client, atMs, 'write', more);
export const refused = { accepted: false };

/** A holds until its lease expires at 10 s; then B is granted. */
export const two = () =>
  story('A', 'B').acquire('A', 0).leaseEnd('A', 10_000, 'expired').acquire('B', 10_001);
/** The same with tokens; the counter forgot A's grant in a failover. */
export const fenced = (tokenA: number, tokenB: number) =>
  story('A', 'B')
    .fenced()
    .acquire('A', 0, { fencingToken: tokenA })
    .leaseEnd('A', 100, 'lost')
    .acquire('B', 101, { fencingToken: tokenB });

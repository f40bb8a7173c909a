/** One look at an etcd that the user has: its version, its leader, whether it can be written. */
import { randomBytes } from 'node:crypto';
import {
  EtcdRefusal,
  EtcdSilence,
  etcdPut,
  etcdStatus,
  etcdVersion,
  grantLease,
  revokeLease,
} from '../etcd-api.js';
import { notThere, Obstacle, silent, stranger } from '../obstacle.js';
import type { Probe } from '../probe.js';

const LEASE_SECONDS = 10;

const REFUSALS: readonly (readonly [pattern: RegExp, clause: string])[] = [
  [/user name is empty|invalid auth token/, 'needs a user and a password, which no lock here uses'],
  [/space exceeded/, 'is out of space: compact and defragment it, and disarm its alarm'],
  [/no leader|request timed out/, 'has no leader: bring more than half of its members up'],
];

export const probeEtcd: Probe = async (address, limitMs) => {
  let isEtcd = false;
  try {
    const version = await etcdVersion(address, limitMs);
    if (version === undefined) throw await stranger('etcd', address, limitMs);
    if ((await etcdStatus(address, limitMs)).leaderId === undefined) {
      throw new Obstacle('has no leader: bring more than half of its members up');
    }
    isEtcd = true;
    const key = `holdfast/probe/${randomBytes(8).toString('hex')}`;
    // With a lease, so that it does not stay if we are killed here.
    const lease = await grantLease(address, LEASE_SECONDS);
    await etcdPut(address, key, 'probe', limitMs, lease);
    await revokeLease(address, lease);
    return { version };
  } catch (error) {
    if (error instanceof Obstacle) throw error;
    const obstacle = obstacleIn(error, limitMs);
    if (obstacle !== undefined) throw obstacle;
    if (!isEtcd) throw await stranger('etcd', address, limitMs);
    throw new Obstacle(`refuses to be written to: ${(error as Error).message}`);
  }
};

/** `undefined` if the error is not one of an etcd. */
function obstacleIn(error: unknown, limitMs: number): Obstacle | undefined {
  const { cause, message } = error as Error & { readonly cause?: { code?: string } };
  if (error instanceof EtcdRefusal) {
    const known = REFUSALS.find(([pattern]) => pattern.test(message));
    return known && new Obstacle(known[1]);
  }
  if (error instanceof EtcdSilence) return silent(limitMs);
  const isAway = /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_)/;
  return isAway.test(cause?.code ?? '') ? notThere(cause!.code!) : undefined;
}

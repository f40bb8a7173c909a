/**
 * A run on an etcd that the user has: its keys are those that begin with the mark, or with what was
 * sent before it and then the mark, and its leases those that such keys live with; a lease without
 * a key ends by itself, after its term.
 */
import { all } from '../all.js';
import { grpcTunnel } from '../proxy/grpc-tunnel.js';
import type { ServerAddress } from '../servers/address.js';
import {
  EtcdRefusal,
  etcdDeletePrefix,
  etcdKeys,
  etcdRevision,
  revokeLease,
} from '../servers/etcd-api.js';
import { Obstacle } from '../servers/obstacle.js';
import { beatOfEtcd, seeExpiry } from '../stage/story-etcd.js';
import type { GivenService } from './service.js';

export const GIVEN_ETCD: GivenService = {
  // It may have to agree with its peers on what it saw.
  expiryMarginUs: 100_000,
  open: () => grpcTunnel,
  beat: async (address) => beatOfEtcd(await seeExpiry(address)),
  claim: async (address, mark) => (await etcdKeys(address, mark)).length === 0,
  revision: etcdRevision,
  async remove(address, mark, before) {
    await all(['', ...before].map((words) => removePrefix(address, words + mark)));
  },
};

async function removePrefix(address: ServerAddress, prefix: string): Promise<void> {
  for (const { lease } of await etcdKeys(address, prefix)) {
    if (lease === undefined) continue;
    await revokeLease(address, lease).catch((error: unknown) => {
      // With one key of a lease the others went, and the lease.
      if (!(error instanceof EtcdRefusal)) throw error;
    });
  }
  await etcdDeletePrefix(address, prefix);
  const left = await etcdKeys(address, prefix);
  if (left.length > 0) throw new Obstacle(`keeps ${left[0]!.key}`);
}

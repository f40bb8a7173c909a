/**
 * An etcd of a story: one member, or three if its leader is to change. Its times are etcd's own
 * defaults, as the simulated one has them, so that both grant the same terms.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, HostId } from '../../fault.js';
import type { ServerPlan } from '../../scenario.js';
import { sharedNs } from '../client/client-clock.js';
import { grpcTunnel } from '../proxy/grpc-tunnel.js';
import type { Upstream } from '../proxy/tunnel.js';
import { CannotBePlayed } from '../replay/deviation.js';
import { type EtcdCluster, startEtcd } from '../servers/etcd.js';
import { type EtcdPlace, grantLease, isLease } from '../servers/etcd-api.js';
import { type Beat, NO_POOLERS, type StoryServer } from './story-server.js';

/** `--heartbeat-interval` and `--election-timeout`; the least TTL follows from the latter. */
const TIMES = { heartbeatMs: 100, electionMs: 1_000 } as const;

/** It looks for leases that ran out so often (etcd, `lease/lessor.go`: `runLoop`). */
const EXPIRY_CHECK_US = 500_000;
const POLL_MS = 4;

export class StoryEtcd implements StoryServer {
  readonly open = grpcTunnel;
  readonly poolers = NO_POOLERS;
  readonly clockOffsetUs = 0;
  /** It has to agree with its peers on what it saw. */
  readonly expiryMarginUs = 100_000;

  /** When a lease was seen to end. */
  private readonly expiry: Promise<number>;

  private constructor(
    readonly id: HostId,
    private readonly cluster: EtcdCluster,
  ) {
    this.expiry = seeExpiry(cluster.members[0]!);
    // Who waits for it hears why there is none.
    this.expiry.catch(() => {});
  }

  static async start({ id }: ServerPlan, faults: readonly Fault[]): Promise<StoryEtcd> {
    for (const fault of faults) {
      if (fault.class.startsWith('clock-')) {
        throw new CannotBePlayed(`${id}: the clock of an etcd cannot be moved here`);
      }
      if (fault.class === 'failover' && (fault.replica === 2 || fault.replica === 3)) {
        throw new CannotBePlayed(
          `${id}: its leader cannot be cut off here: nothing is between its members`,
        );
      }
    }
    const changes = faults.some((fault) => fault.class === 'failover');
    const cluster = await startEtcd({ members: changes ? 3 : 1, ...TIMES });
    return new StoryEtcd(id, cluster);
  }

  async beat(): Promise<Beat> {
    return beatOfEtcd(await this.expiry);
  }

  get program(): string {
    return `etcd ${this.cluster.members[0]!.version}`;
  }

  get upstream(): Upstream {
    const { host, port } = this.cluster.members[0]!;
    return { host, port };
  }

  applied(): void {}

  async crash(): Promise<void> {
    await Promise.all(this.cluster.members.map((member) => member.kill()));
  }

  async restart(): Promise<void> {
    await Promise.all(this.cluster.members.map((member) => member.start()));
  }

  stepClock(): Promise<void> {
    return Promise.resolve();
  }

  setRate(): Promise<void> {
    return Promise.resolve();
  }

  /** Members keep nothing from each other. */
  detach(): Promise<void> {
    return Promise.resolve();
  }

  async promote(): Promise<void> {
    await this.cluster.moveLeader();
  }

  stop(): Promise<void> {
    return this.cluster.stop();
  }
}

/** It looks at its leases since it looked at that instant. */
export function beatOfEtcd(atUs: number): Beat {
  return { periodUs: EXPIRY_CHECK_US, atUs };
}

/** A lease of the shortest term is left alone until it is gone. */
export async function seeExpiry(place: EtcdPlace): Promise<number> {
  const id = await grantLease(place, 1);
  while (await isLease(place, id)) await pause(POLL_MS);
  return Number(sharedNs() / 1_000n) - POLL_MS * 500;
}

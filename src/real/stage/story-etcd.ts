/**
 * An etcd of a story: one member, or three if its leader is to change. Its times are etcd's own
 * defaults, as the simulated one has them, so that both grant the same terms. A leader that is cut
 * off is cut off from its peers alone; one that stalls has a disk that hangs. Those clients stay
 * with it that do in the story; the others are with another member from the beginning.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { FailoverFault, Fault, HostId } from '../../fault.js';
import type { ServerPlan } from '../../scenario.js';
import { ETCD_TIMES } from '../../sim/services/lease-bounds.js';
import { sharedNs } from '../client/client-clock.js';
import { grpcTunnel } from '../proxy/grpc-tunnel.js';
import type { Upstream } from '../proxy/tunnel.js';
import { CannotBePlayed } from '../replay/deviation.js';
import { type EtcdCluster, startEtcd } from '../servers/etcd.js';
import {
  type EtcdPlace,
  etcdStatus,
  grantLease,
  isLease,
  revokeLease,
} from '../servers/etcd-api.js';
import type { RealServer } from '../servers/server.js';
import type { Disk } from '../servers/stall/stall.js';
import { ServerTrouble } from '../servers/trouble.js';
import { EtcdPeers } from './etcd-peers.js';
import { type Beat, NO_POOLERS, type StoryServer } from './story-server.js';

/** It looks for leases that ran out so often (etcd, `lease/lessor.go`: `runLoop`). */
const EXPIRY_CHECK_US = 500_000;
const POLL_MS = 4;
/** Longer than a busy machine needs for an answer about a lease. */
const LEASE_LIMIT_MS = 10_000;
/** An election takes one to two of its time-outs, and may have to be held again. */
const ELECTION_LIMIT_MS = 10_000;
const ELECTION_POLL_MS = 20;
/** A lease that nobody has: that it is gone is written to the log, and changes nothing. */
const NO_LEASE = '1';

/** How a story parts a leader from the other members. */
interface Parting {
  readonly leader: RealServer;
  /** A member that follows it. */
  readonly follower: RealServer;
  readonly peers: EtcdPeers;
  /** Of one that stalls. */
  readonly disk: Disk | undefined;
}

export class StoryEtcd implements StoryServer {
  readonly open = grpcTunnel;
  readonly poolers = NO_POOLERS;
  readonly clockOffsetUs = 0;
  /** It has to agree with its peers on what it saw. */
  readonly expiryMarginUs = 100_000;

  /** When a lease was seen to end. */
  private readonly expiry: Promise<number>;
  readonly placeOf?: (member: number) => Promise<Upstream>;
  electedAfterUs: Promise<number> | undefined;
  private isOver = false;

  private constructor(
    readonly id: HostId,
    private readonly cluster: EtcdCluster,
    private readonly parting: Parting | undefined,
  ) {
    this.expiry = seeExpiry(parting?.leader ?? cluster.members[0]!);
    // Who waits for it hears why there is none.
    this.expiry.catch(() => {});
    if (parting === undefined) return;
    const { leader, follower } = parting;
    this.placeOf = async (member) => placeOf(member === 1 ? leader : follower);
  }

  static async start({ id }: ServerPlan, faults: readonly Fault[]): Promise<StoryEtcd> {
    const failovers = faults.filter((fault) => fault.class === 'failover');
    const parts = failovers.some(isParting);
    for (const fault of faults) {
      if (fault.class.startsWith('clock-')) {
        throw new CannotBePlayed(`${id}: the clock of an etcd cannot be moved here`);
      }
    }
    if (parts && failovers.length > 1) {
      const what = 'a leader that is cut off or stalls, and another failover in a story';
      throw new CannotBePlayed(`${id}: ${what}`);
    }
    if (!parts) {
      const members = failovers.length > 0 ? 3 : 1;
      return new StoryEtcd(id, await startEtcd({ members, ...ETCD_TIMES }), undefined);
    }
    const stalls = failovers.some(({ replica }) => replica === 3);
    const peers = new EtcdPeers();
    const through = (port: number) => peers.through(port);
    // Without a vote before the vote who was cut off comes back with a later term than the others,
    // and unseats the leader that they have elected: the simulated cluster takes it back in peace.
    const options = { members: 3, ...ETCD_TIMES, preVote: !stalls, through } as const;
    const cluster = await startEtcd(options).catch((error) => {
      peers.close();
      throw error;
    });
    try {
      const leader = await cluster.leader();
      const follower = cluster.members.find((member) => member !== leader)!;
      const disk = stalls ? await cluster.diskOf(leader) : undefined;
      return new StoryEtcd(id, cluster, { leader, follower, peers, disk });
    } catch (error) {
      await cluster.stop();
      peers.close();
      throw error;
    }
  }

  async beat(): Promise<Beat> {
    return beatOfEtcd(await this.expiry);
  }

  get program(): string {
    return `etcd ${this.cluster.members[0]!.version}`;
  }

  get upstream(): Upstream {
    return placeOf(this.parting?.follower ?? this.cluster.members[0]!);
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
    const { parting, cluster } = this;
    if (parting === undefined) {
      await cluster.moveLeader();
      return;
    }
    const { leader, peers, disk } = parting;
    const sinceMs = performance.now();
    if (disk === undefined) await peers.cutOff(cluster.members.indexOf(leader), leader);
    // Without something to write it would not notice that its disk hangs.
    else await disk.hang(leader.pid!, () => void revokeLease(leader, NO_LEASE).catch(() => {}));
    this.electedAfterUs = this.elected(leader).then((atMs) => Math.round((atMs - sinceMs) * 1_000));
    this.electedAfterUs.catch(() => {});
  }

  /** When the other members have a leader again. */
  private async elected(former: RealServer): Promise<number> {
    const { memberId } = await etcdStatus(former);
    const end = performance.now() + ELECTION_LIMIT_MS;
    while (!this.isOver && performance.now() < end) {
      const { leaderId } = await etcdStatus(this.parting!.follower);
      if (leaderId !== undefined && leaderId !== memberId) return performance.now();
      await pause(ELECTION_POLL_MS);
    }
    throw new ServerTrouble(`etcd has no other leader after ${ELECTION_LIMIT_MS} ms`);
  }

  heal(): Promise<void> {
    this.parting?.disk?.resume();
    this.parting?.peers.reunite();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.heal();
    await this.cluster.stop();
    this.parting?.peers.close();
  }
}

/** Whether the leader is cut off or stalls, and goes on taking itself for the leader. */
function isParting({ replica }: FailoverFault): boolean {
  return replica === 2 || replica === 3;
}

function placeOf({ host, port }: EtcdPlace): Upstream {
  return { host, port };
}

/** It looks at its leases since it looked at that instant. */
export function beatOfEtcd(atUs: number): Beat {
  return { periodUs: EXPIRY_CHECK_US, atUs };
}

/** A lease of the shortest term is left alone until it is gone. */
export async function seeExpiry(place: EtcdPlace): Promise<number> {
  const id = await grantLease(place, 1, LEASE_LIMIT_MS);
  while (await isLease(place, id, LEASE_LIMIT_MS)) await pause(POLL_MS);
  return Number(sharedNs() / 1_000n) - POLL_MS * 500;
}

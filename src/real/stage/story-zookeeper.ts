/**
 * A ZooKeeper of a story: one server, or an ensemble of three if its leader is to change or one is
 * to be cut off; with the unit of time of the simulated ensemble, so that both agree on the
 * timeouts of sessions and end them at the same instants.
 */
import type { Fault, HostId, Struck } from '../../fault.js';
import type { ServerPlan } from '../../scenario.js';
import { TICK_MS } from '../../sim/services/lease-bounds.js';
import type { ClientCalls } from '../client/client-calls.js';
import { zookeeperClient } from '../client/zookeeper.js';
import { framed, type Upstream } from '../proxy/tunnel.js';
import { zookeeperFraming } from '../proxy/zookeeper.js';
import { CannotBePlayed } from '../replay/deviation.js';
import { startZooKeeper, type ZooKeeperEnsemble } from '../servers/zookeeper.js';
import { type Beat, NO_POOLERS, type StoryServer } from './story-server.js';
import { ZooKeeperCast } from './zookeeper-cast.js';
import { ZooKeeperPeers } from './zookeeper-peers.js';

const WARM_UP_ROUNDS = 20;
const WARM_UP_PATH = '/warm-up-';
/** Upstream's default: sessions last 20 ticks at most. */
const MAX_SESSION_TIMEOUT_MS = 20 * TICK_MS;
/** The simulated ensemble's, in ticks. */
const SYNC_LIMIT = 5;
/** A real server counts from the last word of its leader, up to half a tick before the cut. */
const WORD_MS = TICK_MS / 2;

const TIMES = { tickTimeMs: TICK_MS, maxSessionTimeoutMs: MAX_SESSION_TIMEOUT_MS };

export class StoryZooKeeper implements StoryServer {
  readonly open = framed(zookeeperFraming);
  readonly poolers = NO_POOLERS;
  readonly clockOffsetUs = 0;
  /** To end a session is a transaction of its own. */
  readonly expiryMarginUs = 200_000;

  readonly placeOf?: (member: number) => Promise<Upstream>;

  private constructor(
    readonly id: HostId,
    private readonly ensemble: ZooKeeperEnsemble,
    private readonly cast: ZooKeeperCast | undefined,
  ) {
    if (cast !== undefined) this.placeOf = (member) => cast.placeOf(member);
  }

  /** `cutOffMs`: how long one of its servers is cut off in the story. */
  static async start(
    { id }: ServerPlan,
    faults: readonly Fault[],
    cutOffMs: number,
  ): Promise<StoryZooKeeper> {
    const failovers = faults.filter((fault) => fault.class === 'failover');
    if (faults.some((fault) => fault.class.startsWith('clock-'))) {
      throw new CannotBePlayed(`${id}: the clock of a ZooKeeper cannot be moved here`);
    }
    if (failovers.length > 1) {
      throw new CannotBePlayed(`${id}: ${failovers.length} failovers of one server in a story`);
    }
    if (failovers.length > 0) return StoryZooKeeper.startThree(id, cutOffMs);
    const ensemble = await startZooKeeper(TIMES);
    try {
      await warmUp(id, ensemble.servers[0]!);
    } catch (error) {
      await ensemble.stop();
      throw error;
    }
    return new StoryZooKeeper(id, ensemble, undefined);
  }

  private static async startThree(id: HostId, cutOffMs: number): Promise<StoryZooKeeper> {
    const patienceMs = SYNC_LIMIT * TICK_MS;
    // Who is back in time in the story is so here, whenever the last word came.
    const isBackInTime = cutOffMs < patienceMs && cutOffMs >= patienceMs - WORD_MS - TICK_MS;
    const peers = new ZooKeeperPeers();
    const ensemble = await startZooKeeper({
      ...TIMES,
      servers: 3,
      syncLimit: isBackInTime ? SYNC_LIMIT + 1 : SYNC_LIMIT,
      through: (from, to, ports) => peers.through(from, to, ports),
    }).catch((error) => {
      peers.close();
      throw error;
    });
    try {
      const cast = await ZooKeeperCast.of(ensemble, peers, patienceMs);
      await Promise.all(ensemble.servers.map((server) => warmUp(id, server)));
      return new StoryZooKeeper(id, ensemble, cast);
    } catch (error) {
      await ensemble.stop();
      peers.close();
      throw error;
    }
  }

  private get server() {
    return this.ensemble.servers[0]!;
  }

  /** Sessions end at multiples of a tick. */
  beat(): Promise<Beat> {
    return Promise.resolve({ periodUs: TICK_MS * 1_000, atUs: 0 });
  }

  get program(): string {
    return `zookeeper ${this.server.version}`;
  }

  get upstream(): Upstream {
    return { host: this.server.host, port: this.server.port };
  }

  applied(): void {}

  crash(): Promise<void> {
    return this.cast?.crash() ?? this.server.kill();
  }

  restart(): Promise<void> {
    return this.cast?.restart() ?? this.server.start();
  }

  stepClock(): Promise<void> {
    return Promise.resolve();
  }

  setRate(): Promise<void> {
    return Promise.resolve();
  }

  detach(): Promise<void> {
    return Promise.resolve();
  }

  async promote(replica: number, { member = 1 }: Struck = {}): Promise<void> {
    if (replica === 2 || replica === 3) this.cast?.cutOff(member);
    else await this.cast?.changeLeader(member);
  }

  heal(): Promise<void> {
    this.cast?.reunite();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return this.cast?.stop() ?? this.ensemble.stop();
  }
}

/** A virtual machine for Java takes its time for whatever it does for the first time. */
async function warmUp(server: HostId, { host, port }: Upstream): Promise<void> {
  const silent: ClientCalls = { enter() {}, sends() {}, event: (code) => code() };
  const client = zookeeperClient(silent, { server, host, port });
  for (let round = 0; round < WARM_UP_ROUNDS; round++) {
    const session = client.connect({ timeoutMs: 2 * TICK_MS });
    const { path } = await session.create(WARM_UP_PATH, '', 'ephemeral-sequential');
    await session.getChildren('/');
    await session.delete(path);
    session.close();
  }
}

/**
 * A ZooKeeper of a story: one server, with the unit of time of the simulated ensemble, so that both
 * agree on the timeouts of sessions and end them at the same instants.
 */
import type { Fault, HostId } from '../../fault.js';
import type { ServerPlan } from '../../scenario.js';
import type { ClientCalls } from '../client/client-calls.js';
import { zookeeperClient } from '../client/zookeeper.js';
import { framed, type Upstream } from '../proxy/tunnel.js';
import { zookeeperFraming } from '../proxy/zookeeper.js';
import { CannotBePlayed } from '../replay/deviation.js';
import { startZooKeeper, type ZooKeeperEnsemble } from '../servers/zookeeper.js';
import { type Beat, NO_POOLERS, type StoryServer } from './story-server.js';

/** Upstream's default. */
export const TICK_MS = 2_000;
const WARM_UP_ROUNDS = 20;
const WARM_UP_PATH = '/warm-up-';
/** Upstream's default: sessions last 20 ticks at most. */
const MAX_SESSION_TIMEOUT_MS = 20 * TICK_MS;

export class StoryZooKeeper implements StoryServer {
  readonly open = framed(zookeeperFraming);
  readonly poolers = NO_POOLERS;
  readonly clockOffsetUs = 0;
  /** To end a session is a transaction of its own. */
  readonly expiryMarginUs = 200_000;

  private constructor(
    readonly id: HostId,
    private readonly ensemble: ZooKeeperEnsemble,
  ) {}

  static async start({ id }: ServerPlan, faults: readonly Fault[]): Promise<StoryZooKeeper> {
    for (const fault of faults) {
      if (fault.class.startsWith('clock-')) {
        throw new CannotBePlayed(`${id}: the clock of a ZooKeeper cannot be moved here`);
      }
      if (fault.class === 'failover') {
        throw new CannotBePlayed(`${id}: it is one server here, and has no other to be led by`);
      }
    }
    const times = { tickTimeMs: TICK_MS, maxSessionTimeoutMs: MAX_SESSION_TIMEOUT_MS };
    const ensemble = await startZooKeeper(times);
    try {
      await warmUp(id, ensemble.servers[0]!);
    } catch (error) {
      await ensemble.stop();
      throw error;
    }
    return new StoryZooKeeper(id, ensemble);
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
    return this.server.kill();
  }

  restart(): Promise<void> {
    return this.server.start();
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

  promote(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return this.ensemble.stop();
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

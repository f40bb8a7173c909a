/**
 * A Redis of a story: with the persistence that its plan names, a clock that can be moved and
 * replicas if its faults need them, and with nothing else.
 */
import type { Fault, HostId } from '../../fault.js';
import type { ServerPlan } from '../../scenario.js';
import { respFraming } from '../proxy/resp.js';
import { framed, type Upstream } from '../proxy/tunnel.js';
import { CannotBePlayed } from '../replay/deviation.js';
import { type RedisServer, startRedis } from '../servers/redis.js';
import { NO_POOLERS, type StoryServer } from './story-server.js';

const SECOND_US = 1_000_000;

export class StoryRedis implements StoryServer {
  readonly id: HostId;
  readonly open = framed(respFraming);
  /** It looks 100 times a second. */
  readonly expiryMarginUs = 12_000;
  readonly poolers = NO_POOLERS;
  private primary: RedisServer;
  /** Primaries whose place a replica took. */
  private readonly former: RedisServer[] = [];
  /** Length of the append-only file after what was applied at each instant of the story. */
  private readonly lengths: { readonly atUs: number; readonly bytes: number }[] = [];

  private constructor(
    private readonly plan: ServerPlan,
    primary: RedisServer,
    private readonly replicas: readonly RedisServer[],
  ) {
    this.id = plan.id;
    this.primary = primary;
  }

  static async start(plan: ServerPlan, faults: readonly Fault[]): Promise<StoryRedis> {
    const { id, persistence } = plan;
    const clock = faults.some((fault) => fault.class.startsWith('clock-'));
    const failovers = faults.filter((fault) => fault.class === 'failover');
    if (failovers.length > 1) {
      throw new CannotBePlayed(`${id}: ${failovers.length} failovers of one server in a story`);
    }
    const primary = await startRedis({ id, persistence, clock });
    const replicas: RedisServer[] = [];
    try {
      for (const replica of replicasOf(plan, failovers, faults.length === 0)) {
        const options = { id: `${id}-replica-${replica}`, persistence, replicaOf: primary, clock };
        replicas[replica] = await startRedis(options);
        await replicas[replica].caughtUp(primary);
      }
    } catch (error) {
      await Promise.all([primary, ...replicas.filter((one) => one)].map((one) => one.stop()));
      throw error;
    }
    return new StoryRedis(plan, primary, replicas);
  }

  beat(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  get program(): string {
    return `redis ${this.primary.version}`;
  }

  get upstream(): Upstream {
    return { host: this.primary.host, port: this.primary.port };
  }

  applied(storyUs: number): void {
    if (this.plan.persistence !== 'everysec') return;
    this.lengths.push({ atUs: storyUs, bytes: this.primary.appendOnlyBytes() });
  }

  /** What it finds again is what the last fsync that the story allows had reached. */
  async crash(storyUs: number): Promise<void> {
    await this.primary.kill();
    if (this.plan.persistence !== 'everysec') return;
    const flushedUs = Math.floor(storyUs / SECOND_US) * SECOND_US - 1;
    const kept = this.lengths.findLast(({ atUs }) => atUs <= flushedUs)?.bytes ?? 0;
    if (kept < this.primary.appendOnlyBytes()) this.primary.cutAppendOnly(kept);
  }

  restart(): Promise<void> {
    return this.primary.start();
  }

  get clockOffsetUs(): number {
    return this.primary.clock?.offsetUs() ?? 0;
  }

  async stepClock(byUs: number): Promise<void> {
    await Promise.all(this.all().map(({ clock }) => clock?.step(byUs)));
  }

  async setRate(ratePpm: number): Promise<void> {
    await Promise.all(this.all().map(({ clock }) => clock?.setRate(ratePpm)));
  }

  async detach(replica: number): Promise<void> {
    const server = this.replicas[replica]!;
    await server.caughtUp(this.primary);
    await server.promote();
  }

  async promote(replica: number): Promise<void> {
    await this.primary.kill();
    this.former.push(this.primary);
    this.primary = this.replicas[replica]!;
  }

  async stop(): Promise<void> {
    await Promise.all(this.all().map((server) => server.stop()));
  }

  /** The servers that have run for this one, the one in use first. */
  private all(): RedisServer[] {
    const replicas = this.replicas.filter((one) => one !== undefined);
    return [...new Set([this.primary, ...this.former, ...replicas])];
  }
}

/**
 * Numbers of the replicas that a server needs: who takes its place. A run that nothing befalls
 * has all, because its lock may wait for them.
 */
function replicasOf(
  { replicaLagUs }: ServerPlan,
  failovers: readonly { readonly replica: number }[],
  isCalm: boolean,
): number[] {
  if (isCalm) return replicaLagUs.map((_lagUs, index) => index + 1);
  return failovers.map(({ replica }) => replica);
}

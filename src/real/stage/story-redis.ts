/**
 * A Redis of a story: with the persistence that its plan names, a clock that can be moved and
 * replicas if its faults or its lock need them, and with nothing else.
 */
import type { Fault, HostId } from '../../fault.js';
import type { ServerPlan } from '../../scenario.js';
import { respFraming } from '../proxy/resp.js';
import { framed, type Upstream } from '../proxy/tunnel.js';
import { type RedisServer, startRedis } from '../servers/redis.js';
import { ReplicationLink } from './replication-link.js';
import { NO_POOLERS, type StoryServer } from './story-server.js';

const SECOND_US = 1_000_000;

interface Replica {
  readonly server: RedisServer;
  readonly link: ReplicationLink;
}

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
    /** Number 1 first. */
    private readonly replicas: Replica[],
  ) {
    this.id = plan.id;
    this.primary = primary;
  }

  /** `isReplicated`: whether the lock counts on replicas. */
  static async start(
    plan: ServerPlan,
    faults: readonly Fault[],
    isReplicated: boolean,
  ): Promise<StoryRedis> {
    const { id, persistence } = plan;
    const clock = faults.some((fault) => fault.class.startsWith('clock-'));
    const primary = await startRedis({ id, persistence, clock });
    const replicas: Replica[] = [];
    const story = new StoryRedis(plan, primary, replicas);
    try {
      for (let number = 1; number <= replicasOf(plan, faults, isReplicated); number++) {
        const link = await ReplicationLink.open(primary);
        const options = { id: `${id}-replica-${number}`, persistence, replicaOf: link, clock };
        const server = await startRedis(options).catch((error) => {
          link.close();
          throw error;
        });
        replicas.push({ server, link });
        await server.caughtUp(primary);
      }
      for (const [index, { link }] of replicas.entries()) link.lag(story.lagMs(index));
    } catch (error) {
      await story.stop();
      throw error;
    }
    return story;
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
    // What it held before, it does not hold any more, however soon it goes again.
    this.lengths.push({ atUs: storyUs, bytes: kept });
  }

  /** Its replicas, which would look for it once a second, are there again at once. */
  async restart(): Promise<void> {
    await this.primary.start();
    for (const { server, link } of this.replicas) {
      await server.promote();
      await server.follow(link);
      await server.caughtUp(this.primary);
    }
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
    const { server, link } = this.replicas[replica - 1]!;
    link.cutOff();
    await server.caughtUp(this.primary);
  }

  async promote(replica: number): Promise<void> {
    const { server } = this.replicas[replica - 1]!;
    const former = this.primary;
    await former.kill();
    for (const { link } of this.replicas) link.close();
    await server.promote();
    this.former.push(former);
    this.primary = server;
    // A server has as many replicas afterwards: whose place was taken comes back as one.
    await former.start();
    for (const [index, { server: other }] of this.replicas.entries()) {
      const link = await ReplicationLink.open(server);
      const next = index === replica - 1 ? former : other;
      this.replicas[index] = { server: next, link };
      await next.follow(link);
      await next.caughtUp(server);
      link.lag(this.lagMs(index));
    }
  }

  private lagMs(index: number): number {
    return (this.plan.replicaLagUs[index] ?? 0) / 1_000;
  }

  async stop(): Promise<void> {
    for (const { link } of this.replicas) link.close();
    await Promise.all(this.all().map((server) => server.stop()));
  }

  /** The servers that have run for this one, the one in use first. */
  private all(): RedisServer[] {
    const replicas = this.replicas.map(({ server }) => server);
    return [...new Set([this.primary, ...this.former, ...replicas])];
  }
}

/** How many replicas a server needs: all, if one takes its place or a lock may wait for them. */
function replicasOf(
  { replicaLagUs }: ServerPlan,
  faults: readonly Fault[],
  isReplicated: boolean,
): number {
  const isCalm = faults.length === 0;
  const failsOver = faults.some((fault) => fault.class === 'failover');
  return isReplicated || isCalm || failsOver ? replicaLagUs.length : 0;
}

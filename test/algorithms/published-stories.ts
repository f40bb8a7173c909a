/**
 * The stories of failures that were published, one for each lock that is named after one: what to
 * do with the lock, and by what the failure shows.
 */
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import { type FakeClient, FakeWorld } from './fake-environment.js';
import { create, granted, KEY, TTL_MS } from './granted.js';

/** What came of the story when played with a lock: the same words from every story's flaw. */
export type Story = (algorithm: LockAlgorithm) => Promise<'sound' | 'flawed'>;

export const outcome = (flawed: boolean) => (flawed ? 'flawed' : 'sound');

export function setUp(algorithm: LockAlgorithm) {
  const world = new FakeWorld(algorithm.services.redis === 'servers' ? 5 : 1);
  if (algorithm.schema !== undefined) world.database.query(algorithm.schema);
  const environment = world.client('A');
  environment.wallAheadMs = 1e12;
  return { world, environment, lock: create(algorithm, environment), server: world.servers[0]! };
}

/** What UCloud's lock of that name calls its key. */
const UCLOUD_KEY = `distributed-lock-${KEY}`;

type Server = FakeWorld['servers'][number];
const isSet = (server: Server) => (server.get(KEY) ?? server.get(UCLOUD_KEY)) !== null;
const ttlMs = (server: Server) => server.ttlMs(KEY) ?? server.ttlMs(UCLOUD_KEY) ?? 0;

/** Whether a holder takes the lock for its own for longer than most servers do. */
function overestimates(world: FakeWorld, validForMs: number): boolean {
  const ends = world.servers.map(ttlMs).sort((a, b) => a - b);
  return validForMs > ends[Math.floor(ends.length / 2)]!;
}

export const publishedStories: Record<string, Story> = {
  async 'redsync-51'(algorithm) {
    const { world, environment, lock } = setUp(algorithm);
    const grant = await granted(world, lock);
    for (const redis of environment.redis) redis.strike({ delayReplyMs: 2_000 });
    await world.run(grant.renew!(TTL_MS));
    return outcome(overestimates(world, grant.validForMs!()));
  },

  async 'redsync-53'(algorithm) {
    const { world, lock } = setUp(algorithm);
    const grant = await granted(world, lock);
    await world.advance(TTL_MS);
    return outcome(await world.run(grant.renew!(TTL_MS)));
  },

  async 'lock-manager-66'(algorithm) {
    const { world, lock, server } = setUp(algorithm);
    await granted(world, lock);
    await world.run(
      create(algorithm, world.client('B')).acquire(KEY, { ttlMs: TTL_MS, waitMs: 0 }),
    );
    return outcome(!isSet(server));
  },

  async 'beeorm-locker-56'(algorithm) {
    const { world, lock } = setUp(algorithm);
    await granted(world, lock);
    const theirs = create(algorithm, world.client('B'));
    const answer = await world.run(theirs.acquire(KEY, { ttlMs: TTL_MS, waitMs: 0 }));
    return outcome(answer.granted);
  },

  async 'beeorm-locker-58'(algorithm) {
    const { world, lock, server } = setUp(algorithm);
    server.set(KEY, 'B1');
    let settled = false;
    const over = () => {
      settled = true;
    };
    lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: TTL_MS }).then(over, over);
    await world.advance(3 * TTL_MS);
    return outcome(!settled);
  },

  async 'ucloud-best-effort-60'(algorithm) {
    const { world, lock } = setUp(algorithm);
    const grant = await granted(world, lock);
    await world.run(grant.renew!(TTL_MS));
    await world.advance(TTL_MS / 20);
    await world.run(grant.renew!(TTL_MS));
    return outcome(overestimates(world, grant.validForMs!()));
  },

  async 'ucloud-best-effort-61'(algorithm) {
    const { world, environment, lock } = setUp(algorithm);
    const grant = await granted(world, lock);
    await world.run(grant.renew!(TTL_MS));
    environment.wallAheadMs! -= 60_000;
    await world.advance(TTL_MS / 2);
    await world.run(grant.renew!(TTL_MS));
    return outcome(overestimates(world, grant.validForMs!()));
  },

  async 'ucloud-best-effort-62'(algorithm) {
    const { world, lock, server } = setUp(algorithm);
    const grant = await granted(world, lock);
    const renewed = await world.run(grant.renew!(TTL_MS));
    return outcome(renewed && !isSet(server));
  },

  async 'ucloud-best-effort-63'(algorithm) {
    const { world, lock, server } = setUp(algorithm);
    const grant = await granted(world, lock);
    await world.run(grant.renew!(TTL_MS));
    await world.run(grant.release().catch(() => false));
    await world.advance(10);
    return outcome(isSet(server));
  },

  async 'redisson-lock-7'(algorithm) {
    const { world, environment, server } = setUp(algorithm);
    server.connectedReplicas = 2;
    server.replicas = 1;
    const options = Object.hasOwn(algorithm.options, 'replicas') ? { replicas: 2 } : {};
    const lock = create(algorithm, environment, options);
    const answer = await world.run(lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: 0 }));
    return outcome(answer.granted);
  },

  async 'redisson-lock-81'(algorithm) {
    const { world, environment, lock } = setUp(algorithm);
    const theirs = world.client('B');
    theirs.wallAheadMs = 0;
    const grant = await granted(world, create(algorithm, theirs));
    environment.redis[0]!.delaySubscriptions(50);
    const ours = lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: 2 * TTL_MS });
    await world.advance(10);
    await world.run(grant.release());
    await world.run(ours);
    return outcome(world.nowMs > TTL_MS / 2);
  },

  async 'redisson-lock-82'(algorithm) {
    const { world, environment, lock, server } = setUp(algorithm);
    environment.redis[0]!.strike({ delayReplyMs: 50 });
    const answer = await world.run(lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: 0 }));
    if (answer.granted) await world.run(answer.release());
    await world.advance(5 * TTL_MS);
    return outcome(server.execute('EXISTS', KEY) === 1);
  },

  async 'redisson-read-write-85'(algorithm) {
    const { world, lock, server } = setUp(algorithm);
    const writing = await granted(world, lock);
    const reading = await granted(world, lock, { mode: 'shared', holder: writing });
    await world.run(reading.release());
    return outcome(server.ttlMs(KEY) === undefined);
  },

  async 'redisson-read-write-86'(algorithm) {
    const { world, lock, server } = setUp(algorithm);
    const theirs = world.client('B');
    theirs.wallAheadMs = 0;
    await granted(world, lock, { mode: 'shared' });
    const shorter = { mode: 'shared', ttlMs: TTL_MS / 5 } as const;
    await granted(world, create(algorithm, theirs), shorter);
    return outcome(server.ttlMs(KEY)! < TTL_MS - 10);
  },

  async 'redisson-fair-88'(algorithm) {
    const { world, server } = setUp(algorithm);
    const wanted = { ttlMs: TTL_MS, waitMs: 2_500 };
    const options = { fairLockWaitTimeoutMs: 5_000, lockWatchdogTimeoutMs: TTL_MS };
    const [b, c, d] = ['B', 'C', 'D'].map((name) => {
      const client = world.client(name);
      client.wallAheadMs = 0;
      return create(algorithm, client, options);
    });
    // Each comes while one holds and one waits: the queue moves, and is never empty.
    let holding = await granted(world, b!);
    let waiting = c!.acquire(KEY, wanted);
    for (const next of [d!, b!, c!, d!, b!, c!]) {
      await world.advance(10);
      const last = next.acquire(KEY, wanted);
      await world.advance(10);
      await world.run(holding.release());
      const answer = await world.run(waiting);
      if (!answer.granted) throw new Error(`refused: ${answer.reason}`);
      holding = answer;
      waiting = last;
    }
    await world.advance(10);
    const queue = [`redisson_lock_queue:{${KEY}}`, `redisson_lock_timeout:{${KEY}}`] as const;
    const first = String(server.execute('LINDEX', queue[0], '0'));
    const timeoutMs = Number(server.execute('ZSCORE', queue[1], first));
    return outcome(timeoutMs > world.nowMs + TTL_MS + 5_000);
  },

  async 'redisson-fenced-92'(algorithm) {
    const { world, environment, lock, server } = setUp(algorithm);
    const theirs = world.client('B');
    theirs.wallAheadMs = 0;
    // What follows the first answer is held up until the lock has gone to somebody else.
    environment.redis[0]!.strike({ delayReplyMs: 0 }, { delayRequestMs: 2_000 });
    const ours = lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: 0 });
    await world.advance(10);
    server.execute('DEL', KEY);
    const next = await granted(world, create(algorithm, theirs));
    const answer = await world.run(ours);
    return outcome(answer.granted && answer.fencingToken === next.fencingToken);
  },

  async 'ucloud-best-effort-64'(algorithm) {
    const { world, environment, lock, server } = setUp(algorithm);
    environment.redis[0]!.strike('lost-reply');
    await world.run(lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: 0 }));
    await world.advance(1_000);
    return outcome(isSet(server));
  },
};

export function delay(redis: FakeClient['redis'][number], delayReplyMs: number) {
  redis.strike({ delayReplyMs });
}

/**
 * When WAIT is answered: a replica is asked when the call begins, and the question travels behind
 * what was written before, as one more thing that it has to have. Unasked it says once a second
 * what it has. The same is said of the model in test/sim/servers/redis/replication.test.ts.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { startRedis } from '../../../src/real/servers/redis.js';
import { askRedis } from '../../../src/real/servers/redis-wire.js';
import { ReplicationLink } from '../../../src/real/stage/replication-link.js';
import { itNeeds } from '../servers/needing.js';

const LAG_MS = 300;
const BEFORE_MS = 200;
/** What it says of its own accord falls at another place of each. */
const TRIES = 5;
/** A timer may be early by a part of a millisecond, and a reply is read between two of them. */
const EARLY_MS = 2;
const WAIT = ['WAIT', '1', '0'];

itNeeds('redis')('a WAIT takes as long as a question, not as what was written', async () => {
  const primary = await startRedis();
  const link = await ReplicationLink.open(primary);
  const replicaOf = { ...primary, port: link.port };
  const replica = await startRedis({ id: 'r1-replica-1', replicaOf });
  try {
    await replica.caughtUp(primary);
    link.lag(LAG_MS);
    const tookMs: number[] = [];
    for (let at = 0; at < TRIES; at++) {
      const setMs = performance.now();
      await askRedis(primary, [['SET', 'key', String(at)]]);
      await pause(BEFORE_MS);
      const startMs = performance.now();
      const replies = await askRedis(primary, [['PING'], WAIT, WAIT, WAIT]);
      expect(replies).toEqual(['PONG', 1, 1, 1]);
      tookMs.push(performance.now() - startMs);
      expect(performance.now() - setMs).toBeGreaterThan(LAG_MS - EARLY_MS);
    }
    // The first asks, the second is answered with it, the third has seen the first one's question.
    const asked = tookMs.filter((ms) => ms > 2 * LAG_MS - EARLY_MS && ms < 3 * LAG_MS - EARLY_MS);
    expect(asked).not.toEqual([]);
  } finally {
    await replica.stop();
    link.close();
    await primary.stop();
  }
});

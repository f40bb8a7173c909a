/**
 * When WAIT is answered: a replica is asked when the call begins, and the question travels behind
 * what was written before. Unasked it says once a second what it has.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { startRedis } from '../../../src/real/servers/redis.js';
import { askRedis } from '../../../src/real/servers/redis-wire.js';
import { ReplicationLink } from '../../../src/real/stage/replication-link.js';
import { itNeeds } from '../servers/needing.js';

const LAG_MS = 300;
const BEFORE_MS = 200;
const TRIES = 4;
/** A timer may be early by a part of a millisecond, and a reply is read between two of them. */
const EARLY_MS = 2;

itNeeds('redis')('a WAIT takes as long as the question, not as what was written', async () => {
  const primary = await startRedis();
  const link = await ReplicationLink.open(primary);
  const replica = await startRedis({
    id: 'r1-replica-1',
    replicaOf: { ...primary, port: link.port },
  });
  try {
    await replica.caughtUp(primary);
    link.lag(LAG_MS);
    const tookMs: number[] = [];
    for (let at = 0; at < TRIES; at++) {
      await askRedis(primary, [['SET', 'key', String(at)]]);
      await pause(BEFORE_MS);
      const startMs = performance.now();
      expect(await askRedis(primary, [['PING'], ['WAIT', '1', '0']])).toEqual(['PONG', 1]);
      tookMs.push(performance.now() - startMs);
    }
    // It has the key no earlier; and what it says of its own accord comes in between but once.
    for (const ms of tookMs) expect(ms).toBeGreaterThan(LAG_MS - BEFORE_MS - EARLY_MS);
    const asked = tookMs.filter((ms) => ms > LAG_MS - EARLY_MS);
    expect(asked.length).toBeGreaterThanOrEqual(TRIES / 2);
  } finally {
    await replica.stop();
    link.close();
    await primary.stop();
  }
});

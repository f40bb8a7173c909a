/** The simulated Redis beside the real one: a share of `npm run conformance`. */
import { describe, expect, it } from 'vitest';
import { conformRedis } from '../../../scripts/conformance/redis/index.js';
import { REDIS, redisArm } from '../../../scripts/conformance/redis/service.js';
import { run } from '../../../scripts/conformance/run.js';
import { withRedis } from '../../../scripts/conformance/servers.js';
import { describeDivergence } from '../../../scripts/conformance/words.js';
import type { Reply } from '../../../src/sim/servers/redis/reply.js';
import { startOf } from '../../sim/servers/redis/replay.js';
import { World } from '../../sim/servers/redis/world.js';
import { isInstalled } from './programs.js';

const REDIS_SERVER = { name: 'Redis', file: 'redis-server', packages: 'redis-server' };
const IS_INSTALLED = isInstalled(REDIS_SERVER);

const LIE = { times: 0.1, seed: 'a lie', mostDivergences: 1 };

/** It is off by one when it tells the length of a text. */
class LyingWorld extends World {
  override on(connection: number, ...args: string[]): Reply | undefined {
    const reply = super.on(connection, ...args);
    const lies = args[0] === 'STRLEN' && typeof reply === 'number' && reply > 0;
    return lies ? reply + 1 : reply;
  }
}

describe('the simulated Redis and the real one', () => {
  it('answer 4,000 generated commands alike, and ioredis-mock is counted', async () => {
    if (!IS_INSTALLED) return;
    const result = await conformRedis({ times: 0.04, seed: 'tests' });
    const divergences = result.divergences.map((each) => describeDivergence('redis', each));
    expect(divergences).toEqual([]);
    expect(result.commands).toBeGreaterThanOrEqual(4000);
    expect(result.mock!.sequences).toBeGreaterThanOrEqual(10);
    expect(result.mock!.compared).toBeGreaterThan(0);
  });

  it('are told apart by one wrong answer, in the fewest commands that show it', async () => {
    if (!IS_INSTALLED) return;
    const world = (sequence: Parameters<typeof startOf>[0]) =>
      new LyingWorld({}, startOf(sequence) * 1000);
    const { divergences } = await run(REDIS, LIE, [
      (play) => withRedis((port, control) => play(redisArm(port, control, { world }))),
    ]);
    expect(divergences.length).toBeGreaterThan(0);
    for (const { steps, real, simulated } of divergences) {
      expect(steps.length).toBeLessThanOrEqual(4);
      expect(steps.at(-1)!.command).toContain('STRLEN');
      expect(Number(simulated)).toBe(Number(real) + 1);
    }
    const text = describeDivergence('redis', divergences[0]!);
    expect(text).toMatch(/\n {2}[abc]: STRLEN \w\n {6}real {7}\d+\n {6}simulated {2}\d+\n/);
  });
});

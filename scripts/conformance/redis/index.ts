/**
 * Redis: how many servers play at a time, and the third column.
 */
import type { Sequence } from '../../record/redis/sequence.js';
import type { Result } from '../result.js';
import { type LaneStarter, run, type Wish } from '../run.js';
import { versionOf, withRedis } from '../servers.js';
import { MockColumn } from './mock.js';
import { REDIS, redisArm } from './service.js';

/** The mock plays every sequence whose number is a multiple of this. */
const MOCK_EVERY = 10;
/** While one waits for its clock, another one plays. */
const LANES = 2;

export async function conformRedis(wish: Wish): Promise<Result> {
  const mock = new MockColumn(MOCK_EVERY);
  const start: LaneStarter<Sequence> = (play) =>
    withRedis((port, control) =>
      play(redisArm(port, control, { recorded: (recording) => mock.offer(recording) })),
    );
  const result = await run(REDIS, wish, Array(LANES).fill(start));
  await mock.done();
  const groups = [...mock.groups].map(([name, group]) => ({ name, ...group }));
  groups.sort((a, b) => b.sequences - a.sequences || (a.name < b.name ? -1 : 1));
  const { sequences, compared, equal } = mock;
  return { ...result, server: versionOf('redis'), mock: { sequences, compared, equal, groups } };
}

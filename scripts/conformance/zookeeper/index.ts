/**
 * ZooKeeper: zxids count all changes of a server, so that each lane has a server of its own.
 */
import { RealServer } from '../../record/zookeeper/recorder.js';
import type { Sequence } from '../../record/zookeeper/sequence.js';
import type { Result } from '../result.js';
import { type LaneStarter, run, type Wish } from '../run.js';
import { versionOf, withZooKeeper } from '../servers.js';
import { SETTINGS, ZOOKEEPER, zooKeeperArm } from './service.js';

const LANES = 2;

export async function conformZooKeeper(wish: Wish, lanes = LANES): Promise<Result> {
  const version = versionOf('zookeeper');
  const start: LaneStarter<Sequence> = (play) =>
    withZooKeeper(SETTINGS, async (port) => {
      const server = await RealServer.open([port]);
      await play(zooKeeperArm(server, version));
      server.close();
    });
  const result = await run(ZOOKEEPER, wish, Array<LaneStarter<Sequence>>(lanes).fill(start));
  return { ...result, server: version };
}

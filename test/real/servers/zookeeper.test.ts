/** A real ZooKeeper, alone and as three: who leads, and what a crash of the leader brings. */
import { afterAll, describe, expect } from 'vitest';
import { startZooKeeper, type ZooKeeperEnsemble } from '../../../src/real/servers/zookeeper.js';
import { askZooKeeper } from '../../../src/real/servers/zookeeper-words.js';
import { itNeeds, runs } from './needing.js';

const started: ZooKeeperEnsemble[] = [];
async function start(servers: 1 | 3): Promise<ZooKeeperEnsemble> {
  const ensemble = await startZooKeeper({ servers });
  started.push(ensemble);
  return ensemble;
}
afterAll(async () => {
  for (const ensemble of started) await ensemble.stop();
});

const itZooKeeper = itNeeds('zookeeper');

describe('a real ZooKeeper', () => {
  itZooKeeper(
    'alone serves, is of the version it says, and serves again after a kill',
    async () => {
      const ensemble = await start(1);
      const [server] = ensemble.servers;
      expect(await askZooKeeper(server!)).toMatchObject({
        mode: 'standalone',
        version: server!.version,
      });
      await server!.kill();
      await expect(askZooKeeper(server!)).rejects.toThrow('ECONNREFUSED');
      await server!.start();
      expect(await ensemble.leader()).toBe(server);
    },
  );

  itZooKeeper('of three has another leader when one is killed, which then follows', async () => {
    const ensemble = await start(3);
    const first = await ensemble.leader();
    await first.kill();
    const next = await ensemble.leader();
    expect(next).not.toBe(first);
    await first.start();
    expect((await askZooKeeper(first)).mode).toBe('follower');
    const pids = ensemble.servers.map(({ pid }) => pid);
    await ensemble.stop();
    expect(pids.map(runs)).toEqual([false, false, false]);
  });
});

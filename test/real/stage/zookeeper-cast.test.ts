/** Real servers play the parts of a simulated ensemble, also when their leader changes. */
import { afterEach, expect } from 'vitest';
import { startZooKeeper } from '../../../src/real/servers/zookeeper.js';
import { ZooKeeperCast } from '../../../src/real/stage/zookeeper-cast.js';
import { ZooKeeperPeers } from '../../../src/real/stage/zookeeper-peers.js';
import { itNeeds } from '../servers/needing.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

itNeeds('zookeeper')('another server leads, in the part that the story has for it', async () => {
  const peers = new ZooKeeperPeers();
  const ensemble = await startZooKeeper({
    servers: 3,
    through: (from, to, ports) => peers.through(from, to, ports),
  });
  const cast = await ZooKeeperCast.of(ensemble, peers, 10_000);
  closing.push(() => cast.stop());
  const former = await ensemble.leader();
  expect((await cast.placeOf(1)).port).toBe(former.port);
  await cast.changeLeader(3);
  const leader = await ensemble.leader();
  expect(leader).not.toBe(former);
  expect((await cast.placeOf(3)).port).toBe(leader.port);
  // Whoever is not back yet is stood in for.
  const ports = ensemble.servers.filter((server) => server !== former).map(({ port }) => port);
  expect(ports).toContain((await cast.placeOf(1)).port);
});

/** Leaders of real clusters are cut off from their peers, stall and change, as stories have it. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect } from 'vitest';
import { startEtcd } from '../../../src/real/servers/etcd.js';
import { etcdPut, etcdStatus, revokeLease } from '../../../src/real/servers/etcd-api.js';
import type { RealServer } from '../../../src/real/servers/server.js';
import { startZooKeeper } from '../../../src/real/servers/zookeeper.js';
import { EtcdPeers } from '../../../src/real/stage/etcd-peers.js';
import { ZooKeeperCast } from '../../../src/real/stage/zookeeper-cast.js';
import { ZooKeeperPeers } from '../../../src/real/stage/zookeeper-peers.js';
import { itNeeds } from '../servers/needing.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function threeMembers(preVote: boolean) {
  const peers = new EtcdPeers();
  const through = (port: number) => peers.through(port);
  const cluster = await startEtcd({ members: 3, preVote, through });
  closing.push(async () => {
    await cluster.stop();
    peers.close();
  });
  const leader = await cluster.leader();
  const follower = cluster.members.find((member) => member !== leader)!;
  const { memberId } = await etcdStatus(leader);
  const leaderOf = async (member: RealServer) => (await etcdStatus(member)).leaderId;
  const another = async () => {
    for (let tries = 0; tries < 500; tries++) {
      const known = await leaderOf(follower);
      if (known !== undefined && known !== memberId) return known;
      await pause(10);
    }
    return undefined;
  };
  return { cluster, peers, leader, follower, memberId, leaderOf, another };
}

itNeeds('etcd')(
  'the others elect a leader, and who was cut off follows it afterwards',
  async () => {
    const { cluster, peers, leader, follower, leaderOf, another } = await threeMembers(true);
    await peers.cutOff(cluster.members.indexOf(leader), leader);
    const elected = await another();
    expect(elected).toBeDefined();
    await etcdPut(follower, 'k', 'v', 2_000);
    expect(await leaderOf(leader)).not.toBe(elected);
    peers.reunite();
    for (let tries = 0; tries < 500 && (await leaderOf(leader)) !== elected; tries++)
      await pause(10);
    expect(await leaderOf(leader)).toBe(elected);
  },
);

itNeeds('etcd')('a leader whose disk hangs does not notice that it is none any more', async () => {
  const { cluster, leader, memberId, leaderOf, another } = await threeMembers(false);
  const disk = await cluster.diskOf(leader);
  await disk.hang(leader.pid!, () => void revokeLease(leader, '1').catch(() => {}));
  const elected = await another();
  expect(elected).toBeDefined();
  expect(await leaderOf(leader)).toBe(memberId);
  disk.resume();
  for (let tries = 0; tries < 500 && (await leaderOf(leader)) === memberId; tries++)
    await pause(10);
  expect(await leaderOf(leader)).not.toBe(memberId);
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

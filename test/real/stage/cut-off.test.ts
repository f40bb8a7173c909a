/** The leader of a real etcd is cut off from its peers, or stalls, as stories have it. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect } from 'vitest';
import { startEtcd } from '../../../src/real/servers/etcd.js';
import { etcdPut, etcdStatus, revokeLease } from '../../../src/real/servers/etcd-api.js';
import type { RealServer } from '../../../src/real/servers/server.js';
import { EtcdPeers } from '../../../src/real/stage/etcd-peers.js';
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

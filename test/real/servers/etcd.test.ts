/** A real etcd, alone and as three: who leads, how that changes, and what a crash leaves. */
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { type EtcdCluster, startEtcd } from '../../../src/real/servers/etcd.js';
import { etcdStatus, etcdVersion } from '../../../src/real/servers/etcd-api.js';
import type { RealServer } from '../../../src/real/servers/server.js';
import { ServerTrouble } from '../../../src/real/servers/trouble.js';
import { itNeeds, runs } from './needing.js';

const started: EtcdCluster[] = [];
async function start(members: 1 | 3): Promise<EtcdCluster> {
  const cluster = await startEtcd({ members });
  started.push(cluster);
  return cluster;
}
afterAll(async () => {
  for (const cluster of started) await cluster.stop();
});

const base64 = (text: string) => Buffer.from(text).toString('base64');

async function call(member: RealServer, path: string, body: object): Promise<unknown> {
  const url = `${member.url}/v3/kv/${path}`;
  return (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json();
}

const itEtcd = itNeeds('etcd');

describe('a real etcd', () => {
  itEtcd('alone leads itself, is of the version it says, and keeps what it has', async () => {
    const cluster = await start(1);
    const [member] = cluster.members;
    expect(await cluster.leader()).toBe(member);
    expect(await etcdVersion(member!)).toBe(member!.version);
    await call(member!, 'put', { key: base64('k'), value: base64('v') });
    await member!.kill();
    await member!.start();
    const answer = await call(member!, 'range', { key: base64('k') });
    expect(answer).toMatchObject({ kvs: [{ value: base64('v') }] });
  });

  itEtcd('of three gets another leader when it is told to, and when one is killed', async () => {
    const cluster = await start(3);
    const [one, two, three] = cluster.members;
    expect(await cluster.moveLeader(two)).toBe(two);
    expect(await cluster.moveLeader(two)).toBe(two);
    const { memberId } = await etcdStatus(two!);
    expect((await etcdStatus(one!)).leaderId).toBe(memberId);
    await two!.kill();
    const next = await cluster.leader();
    expect([one, three]).toContain(next);
    await two!.start();
    expect(await cluster.leader()).toBe(next);
    const pids = cluster.members.map(({ pid }) => pid);
    await cluster.stop();
    expect(pids.map(runs)).toEqual([false, false, false]);
  });
});

test('who says nothing is named, with how long it was waited for', async () => {
  const mute = createServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => {
    mute.listen(0, '127.0.0.1', resolve);
  });
  const { port } = mute.address() as AddressInfo;
  const asked = etcdVersion({ host: '127.0.0.1', port }, 50);
  await expect(asked).rejects.toThrow(`127.0.0.1:${port}/version did not answer within 0.05 s`);
  await expect(asked).rejects.toBeInstanceOf(ServerTrouble);
  mute.close();
});

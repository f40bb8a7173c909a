/** Servers whose port another program has when they come back: they wait for it, and say so. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { startEtcd } from '../../../src/real/servers/etcd.js';
import { startPgBouncer } from '../../../src/real/servers/pgbouncer.js';
import { freePort, onFreePorts } from '../../../src/real/servers/ports.js';
import { startPostgres } from '../../../src/real/servers/postgres.js';
import { startRedis } from '../../../src/real/servers/redis.js';
import type { RealServer, ServerKind } from '../../../src/real/servers/server.js';
import { PortTaken, ServerTrouble } from '../../../src/real/servers/trouble.js';
import { startZooKeeper } from '../../../src/real/servers/zookeeper.js';
import { itNeeds, runs } from './needing.js';

const started: RealServer[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

const STARTS: Readonly<Record<ServerKind, () => Promise<RealServer>>> = {
  redis: () => startRedis(),
  postgres: () => startPostgres(),
  pgbouncer: () =>
    startPgBouncer({ postgres: { host: '127.0.0.1', port: 1 }, mode: 'transaction' }),
  etcd: async () => (await startEtcd()).members[0]!,
  zookeeper: async () => (await startZooKeeper()).servers[0]!,
};

async function occupy(port: number): Promise<() => void> {
  const stranger = createServer();
  stranger.listen(port, '127.0.0.1');
  await once(stranger, 'listening');
  return () => stranger.close();
}

describe('a server whose port was taken while it was down', () => {
  for (const [kind, start] of Object.entries(STARTS)) {
    itNeeds(kind as ServerKind)(`${kind} runs again when the port is given back`, async () => {
      const server = await start();
      started.push(server);
      await server.kill();
      const giveBack = await occupy(server.port);
      const restarted = server.start();
      setTimeout(giveBack, 500);
      await restarted;
      expect(runs(server.pid)).toBe(true);
    });
  }

  itNeeds('redis')('says after a while who cannot listen where', async () => {
    const server = await startRedis();
    started.push(server);
    await server.kill();
    const giveBack = await occupy(server.port);
    await expect(server.start()).rejects.toThrow(
      `r1 cannot listen on port ${server.port}: another program does`,
    );
    giveBack();
    expect(server.pid).toBeUndefined();
  });
});

describe('a server that is stopped while it comes back', () => {
  itNeeds('redis')('ends, however far it has come', async () => {
    for (const afterMs of [0, 1, 2, 4, 8, 16]) {
      const server = await startRedis();
      started.push(server);
      await server.kill();
      const back = server.start().then(
        () => 'came back',
        (error: Error) => error.constructor,
      );
      await pause(afterMs);
      await server.stop();
      expect(['came back', ServerTrouble]).toContain(await back);
      expect(runs(server.pid)).toBe(false);
      expect(existsSync(server.folder)).toBe(false);
    }
  });
});

describe('onFreePorts', () => {
  it('tries others if one was taken in between', async () => {
    const tried: number[] = [];
    const port = await onFreePorts(1, async ([one]) => {
      tried.push(one!);
      if (tried.length < 3) throw new PortTaken('taken');
      return one;
    });
    expect(new Set(tried).size).toBe(3);
    expect(port).toBe(tried[2]);
  });

  it('gives up after some, and at once for another reason', async () => {
    let tries = 0;
    const open = (error: Error) => () => {
      tries++;
      return Promise.reject(error);
    };
    await expect(onFreePorts(2, open(new PortTaken('taken')))).rejects.toThrow('taken');
    expect(tries).toBe(5);
    await expect(onFreePorts(2, open(new ServerTrouble('broken')))).rejects.toThrow('broken');
    expect(tries).toBe(6);
  });

  it('gives nobody a port that somebody has', async () => {
    const port = await freePort();
    const giveBack = await occupy(port);
    const more = await Promise.all(Array.from({ length: 50 }, freePort));
    expect(more).not.toContain(port);
    expect(new Set(more).size).toBe(50);
    giveBack();
  });
});

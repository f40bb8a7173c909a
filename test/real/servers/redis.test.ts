/** A real Redis as stories need it: it forgets, remembers, stands still, follows, leads. */
import { existsSync } from 'node:fs';
import { afterEach, describe, expect } from 'vitest';
import { startRedis } from '../../../src/real/servers/redis.js';
import { askRedis, infoField, tellRedis } from '../../../src/real/servers/redis-wire.js';
import type { RealServer } from '../../../src/real/servers/server.js';
import { itNeeds, runs } from './needing.js';

const started: RealServer[] = [];
async function start(...args: Parameters<typeof startRedis>) {
  const server = await startRedis(...args);
  started.push(server);
  return server;
}
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

const itRedis = itNeeds('redis');
const ask = async (server: RealServer, ...command: string[]) =>
  (await askRedis(server, [command]))[0];

describe('a real Redis', () => {
  itRedis(
    'runs on loopback as the process that it says, of a version that is supported',
    async () => {
      const server = await start();
      const info = String(await ask(server, 'INFO', 'server'));
      expect(infoField(info, 'process_id')).toBe(String(server.pid));
      expect(infoField(info, 'redis_version')).toBe(server.version);
      expect(server.url).toBe(`redis://127.0.0.1:${server.port}`);
      expect(await ask(server, 'CONFIG', 'GET', 'bind')).toEqual(['bind', '127.0.0.1']);
    },
  );

  itRedis('forgets at a kill without persistence, and keeps its port', async () => {
    const server = await start();
    await tellRedis(server, 'SET', 'key', 'value');
    const { port, pid } = server;
    await server.kill();
    expect(server.pid).toBeUndefined();
    await expect(ask(server, 'PING')).rejects.toThrow('cannot be reached');
    await server.start();
    expect(server.port).toBe(port);
    expect(server.pid).not.toBe(pid);
    expect(await ask(server, 'GET', 'key')).toBeNull();
  });

  itRedis('remembers at a kill with an append-only file', async () => {
    const server = await start({ persistence: 'always' });
    await tellRedis(server, 'SET', 'key', 'value');
    await server.kill();
    await server.start();
    expect(await ask(server, 'GET', 'key')).toBe('value');
  });

  itRedis('forgets what came after the length that its append-only file is cut to', async () => {
    const server = await start({ persistence: 'everysec' });
    await tellRedis(server, 'SET', 'fsynced', 'yes');
    const bytes = server.appendOnlyBytes();
    await tellRedis(server, 'SET', 'later', 'yes');
    expect(() => server.cutAppendOnly(bytes)).toThrow('kill it before');
    await server.kill();
    expect(() => server.cutAppendOnly(bytes + 10_000)).toThrow(`not ${bytes + 10_000}`);
    server.cutAppendOnly(bytes);
    await server.start();
    expect(await ask(server, 'GET', 'fsynced')).toBe('yes');
    expect(await ask(server, 'GET', 'later')).toBeNull();
  });

  itRedis(
    'answers nothing while it is frozen, and all that was asked when it is thawed',
    async () => {
      const server = await start();
      server.freeze();
      await expect(askRedis(server, [['PING']], 100)).rejects.toThrow(
        'did not answer within 100 ms',
      );
      const asked = ask(server, 'PING');
      server.thaw();
      expect(await asked).toBe('PONG');
    },
  );

  itRedis('can be started after somebody else has ended it', async () => {
    const server = await start();
    const { pid } = server;
    process.kill(pid!, 'SIGKILL');
    while (runs(pid)) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(server.pid).toBeUndefined();
    await server.start();
    expect(await ask(server, 'PING')).toBe('PONG');
  });

  itRedis('can be ended while it is frozen, and twice', async () => {
    const server = await start();
    server.freeze();
    await server.stop();
    await server.stop();
    expect(server.pid).toBeUndefined();
    await expect(server.start()).rejects.toThrow('was stopped for good');
  });

  itRedis('follows a primary until it is promoted, and then after a restart too', async () => {
    const primary = await start();
    const replica = await start({ id: 'r1-replica-1', replicaOf: primary, persistence: 'always' });
    await tellRedis(primary, 'SET', 'key', 'value');
    await replica.caughtUp(primary);
    expect(await ask(replica, 'GET', 'key')).toBe('value');
    expect(String(await ask(replica, 'SET', 'key', 'other'))).toContain('READONLY');
    await replica.promote();
    expect(await tellRedis(replica, 'SET', 'key', 'other')).toBe('OK');
    await replica.kill();
    await replica.start();
    expect(await tellRedis(replica, 'SET', 'key', 'another')).toBe('OK');
    await primary.follow(replica);
    await primary.caughtUp(replica);
    expect(await ask(primary, 'GET', 'key')).toBe('another');
  });

  itRedis('leaves neither process nor folder', async () => {
    const server = await start({ clock: true });
    const [, folder] = (await ask(server, 'CONFIG', 'GET', 'dir')) as string[];
    const { pid } = server;
    expect([existsSync(folder!), runs(pid)]).toEqual([true, true]);
    await server.stop();
    expect([existsSync(folder!), runs(pid)]).toEqual([false, false]);
  });
});

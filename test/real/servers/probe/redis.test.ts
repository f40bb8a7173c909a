/** A Redis that cannot be used, and the sentence that says why: each state on a real server. */
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { LOOPBACK } from '../../../../src/real/loopback.js';
import { parseAddresses } from '../../../../src/real/servers/address.js';
import { speaksTls } from '../../../../src/real/servers/obstacle.js';
import { freePort } from '../../../../src/real/servers/ports.js';
import { probe } from '../../../../src/real/servers/probe.js';
import { startRedis } from '../../../../src/real/servers/redis.js';
import { askRedis, tellRedis } from '../../../../src/real/servers/redis-wire.js';
import { ServerTrouble } from '../../../../src/real/servers/trouble.js';
import { itNeeds } from '../needing.js';
import { certificate, nobody, saying, silentServer, webServer } from './strangers.js';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function start(...args: Parameters<typeof startRedis>) {
  const server = await startRedis(...args);
  endings.push(() => server.stop());
  return server;
}

const look = (url: string, limitMs?: number) => probe(parseAddresses('redis', url)[0]!, limitMs);

/** The sentence about a server that cannot be used. */
async function trouble(url: string, limitMs?: number): Promise<string> {
  const error: unknown = await look(url, limitMs).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ServerTrouble);
  return (error as Error).message;
}

const itRedis = itNeeds('redis');

describe('a look at a Redis', () => {
  itRedis('finds its version, and leaves nothing there', async () => {
    const server = await start();
    expect(await look(server.url)).toMatchObject({ version: server.version });
    expect(await look(`${server.url}/3`)).toMatchObject({ version: server.version });
    expect(await askRedis(server, [['DBSIZE'], ['SELECT', '3'], ['DBSIZE']])).toEqual([0, 'OK', 0]);
  });

  itRedis('finds that it needs a password, another one, or none', async () => {
    const locked = await start({ settings: { requirepass: 'secret' } });
    const { port } = locked;
    expect(await trouble(locked.url)).toBe(
      `${locked.url} needs a password: redis://:password@host:port`,
    );
    expect(await trouble(`redis://:wrong@127.0.0.1:${port}`)).toBe(
      `redis://:***@127.0.0.1:${port} refuses the user or the password in the address`,
    );
    expect(await look(`redis://:secret@127.0.0.1:${port}`)).toMatchObject({
      version: locked.version,
    });
    const open = await start();
    expect(await trouble(`redis://:secret@127.0.0.1:${open.port}`)).toContain(
      'takes no password: leave it out of the address',
    );
  });

  itRedis('finds that it is a replica', async () => {
    const primary = await start();
    const replica = await start({ replicaOf: primary });
    await replica.caughtUp(primary);
    expect(await trouble(replica.url)).toBe(
      `${replica.url} is a replica, and so read-only: name its primary, 127.0.0.1:${primary.port}`,
    );
  });

  itRedis('finds that it is out of memory', async () => {
    const server = await start({ settings: { maxmemory: 1, 'maxmemory-policy': 'noeviction' } });
    expect(await trouble(server.url)).toBe(
      `${server.url} is out of memory: raise its maxmemory, or name another server`,
    );
  });

  itRedis('finds what else it refuses, in its own words', async () => {
    const server = await start();
    await tellRedis(server, 'ACL', 'SETUSER', 'reader', 'on', '>secret', '~*', '+@read', '+info');
    const said = await trouble(`redis://reader:secret@127.0.0.1:${server.port}`);
    expect(said).toContain('refuses what a lock needs: NOPERM');
  });

  itRedis('finds that it speaks TLS only', async () => {
    const { cert, key, remove } = certificate();
    const port = await freePort();
    const tls = ['--tls-port', `${port}`, '--tls-cert-file', cert, '--tls-key-file', key];
    const more = ['--tls-auth-clients', 'no', '--save', '', '--bind', LOOPBACK];
    const server = spawn('redis-server', ['--port', '0', ...tls, ...more], { stdio: 'ignore' });
    endings.push(remove, () => server.kill('SIGKILL'));
    while (!(await speaksTls({ host: LOOPBACK, port }, 1_000))) await pause(20);
    const url = `redis://${LOOPBACK}:${port}`;
    expect(await trouble(url)).toBe(
      `${url} speaks TLS only, which Holdfast does not: name a port without it`,
    );
  });

  it('finds that nobody is there', async () => {
    const url = `redis://127.0.0.1:${await nobody()}`;
    expect(await trouble(url)).toMatch(
      /^redis:\S+ cannot be reached \(.*ECONNREFUSED.*\): start it, or name another server$/,
    );
  });

  it('finds another service, and one that says nothing', async () => {
    const [web, silent] = [await webServer(), await silentServer()];
    endings.push(web.close, silent.close);
    const url = `redis://127.0.0.1:${web.port}`;
    expect(await trouble(url)).toBe(
      `${url} is no Redis: something else listens there; name another port`,
    );
    expect(await trouble(`redis://127.0.0.1:${silent.port}`, 100)).toContain(
      'took the connection and did not answer within 100 ms',
    );
  });

  it('finds that it lets nobody in', async () => {
    const full = await saying('-ERR max number of clients reached\r\n');
    endings.push(full.close);
    const url = `redis://127.0.0.1:${full.port}`;
    expect(await trouble(url)).toBe(`${url} has no connection left: raise its maxclients`);
  });

  it('finds a version that is not supported', async () => {
    const info = '# Server\r\nredis_version:6.2.14\r\n';
    const bulk = `$${info.length}\r\n${info}\r\n`;
    const old = await saying(`+OK\r\n${bulk}${bulk}+OK\r\n:1\r\n`);
    endings.push(old.close);
    const url = `redis://127.0.0.1:${old.port}`;
    expect(await trouble(url)).toBe(
      `${url} is redis 6.2.14, which is not supported: it takes 7.0 up to, not including, 8.0 ` +
        '(tested with 7.0)',
    );
  });
});

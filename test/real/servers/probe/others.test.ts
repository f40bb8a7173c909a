/** PostgreSQL, etcd and ZooKeeper that cannot be used, and the sentences that say why. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { LOOPBACK } from '../../../../src/real/loopback.js';
import { parseAddresses } from '../../../../src/real/servers/address.js';
import { startEtcd } from '../../../../src/real/servers/etcd.js';
import { etcdStatus } from '../../../../src/real/servers/etcd-api.js';
import { speaksTls } from '../../../../src/real/servers/obstacle.js';
import { freePort } from '../../../../src/real/servers/ports.js';
import { type PostgresServer, startPostgres } from '../../../../src/real/servers/postgres.js';
import { probe } from '../../../../src/real/servers/probe.js';
import { ServerTrouble } from '../../../../src/real/servers/trouble.js';
import { startZooKeeper } from '../../../../src/real/servers/zookeeper.js';
import type { Service } from '../../../../src/service.js';
import { itNeeds } from '../needing.js';
import { certificate, nobody, saying, silentServer, webServer } from './strangers.js';

const endings: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const look = (service: Service, url: string, limitMs?: number) =>
  probe(parseAddresses(service, url)[0]!, limitMs);

async function trouble(service: Service, url: string, limitMs?: number): Promise<string> {
  const error: unknown = await look(service, url, limitMs).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ServerTrouble);
  return (error as Error).message;
}

/** Who is let in how: everybody else is not. */
const RULES = `
host all postgres,reader 127.0.0.1/32 trust
host all locked 127.0.0.1/32 scram-sha-256
hostssl all careful 127.0.0.1/32 trust
`;

let postgres: PostgresServer | undefined;
async function guarded(): Promise<PostgresServer> {
  if (postgres !== undefined) return postgres;
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-rules-'));
  const file = path.join(folder, 'pg_hba.conf');
  writeFileSync(file, RULES);
  // The server runs as somebody else, who has to find it.
  const readable = spawn('chmod', ['-R', 'a+rX', folder]);
  await new Promise((resolve) => readable.once('exit', resolve));
  postgres = await startPostgres({ settings: { hba_file: file } });
  endings.push(
    () => rmSync(folder, { recursive: true }),
    () => postgres?.stop(),
  );
  const client = new pg.Client(postgres.url);
  await client.connect();
  await client.query("CREATE ROLE locked LOGIN PASSWORD 'secret'");
  await client.query('CREATE ROLE careful LOGIN');
  await client.query('CREATE ROLE reader LOGIN');
  await client.query('ALTER ROLE reader SET default_transaction_read_only = on');
  await client.end();
  return postgres;
}

const itPostgres = itNeeds('postgres');

describe('a look at a PostgreSQL', () => {
  itPostgres('finds its version, with a password where one is wanted', async () => {
    const { port, url, version } = await guarded();
    expect(await look('postgres', url)).toEqual({ version });
    const locked = `postgres://locked:secret@127.0.0.1:${port}/postgres`;
    expect(await look('postgres', locked)).toEqual({ version });
  });

  const STATES: readonly (readonly [account: string, database: string, sentence: string])[] = [
    ['locked', 'postgres', 'needs a password: postgres://user:password@host:port/database'],
    ['locked:wrong', 'postgres', 'refuses the user or the password in the address'],
    ['careful', 'postgres', 'speaks TLS only, which Holdfast does not'],
    ['reader', 'postgres', 'is read-only (default_transaction_read_only): turn that off'],
    ['postgres', 'none', 'has no such database (database "none" does not exist)'],
  ];
  for (const [account, database, sentence] of STATES) {
    itPostgres(`finds for ${account} in ${database}: ${sentence}`, async () => {
      const { port } = await guarded();
      const url = `postgres://${account}@127.0.0.1:${port}/${database}`;
      expect(await trouble('postgres', url)).toContain(sentence);
    });
  }
});

describe('a look at an etcd', () => {
  itNeeds('etcd')('finds its version, and that it has no leader', async () => {
    const cluster = await startEtcd({ members: 3 });
    endings.push(() => cluster.stop());
    const [one, two, three] = cluster.members;
    expect(await look('etcd', one!.url)).toEqual({ version: one!.version });
    await two!.kill();
    await three!.kill();
    // It finds out itself that it is alone, after an election without an answer.
    while ((await etcdStatus(one!)).leaderId !== undefined) await pause(10);
    expect(await trouble('etcd', one!.url)).toBe(
      `${one!.url} has no leader: bring more than half of its members up`,
    );
  });

  itNeeds('etcd')('finds that it speaks TLS only', async () => {
    const { cert, key, remove } = certificate();
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-etcd-'));
    const [port, peerPort] = [await freePort(), await freePort()];
    const [url, peer] = [`https://${LOOPBACK}:${port}`, `http://${LOOPBACK}:${peerPort}`];
    const options = {
      'data-dir': path.join(folder, 'data'),
      'listen-client-urls': url,
      'advertise-client-urls': url,
      'listen-peer-urls': peer,
      'initial-advertise-peer-urls': peer,
      'initial-cluster': `default=${peer}`,
      'cert-file': cert,
      'key-file': key,
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const server = spawn('etcd', args, { stdio: 'ignore' });
    const gone = new Promise((resolve) => server.once('exit', resolve));
    endings.push(
      remove,
      () => rmSync(folder, { recursive: true }),
      () => gone,
    );
    endings.push(() => server.kill('SIGKILL'));
    while (!(await speaksTls({ host: LOOPBACK, port }, 1_000))) await pause(20);
    expect(await trouble('etcd', `${LOOPBACK}:${port}`)).toContain('speaks TLS only');
  });
});

describe('a look at a ZooKeeper', () => {
  itNeeds('zookeeper')('finds its version, and that it serves nobody', async () => {
    const ensemble = await startZooKeeper({ servers: 3 });
    endings.push(() => ensemble.stop());
    const leader = await ensemble.leader();
    expect(await look('zookeeper', leader.url)).toEqual({ version: leader.version });
    for (const server of ensemble.servers) if (server !== leader) await server.kill();
    let said = '';
    while (!said.includes('serves nobody')) {
      said = await trouble('zookeeper', leader.url).catch(() => '');
    }
    expect(said).toBe(`${leader.url} serves nobody: bring more than half of its ensemble up`);
  });
});

describe('a look at what is no such server', () => {
  const SERVICES = [
    ['postgres', 'PostgreSQL', 'postgres://me@'],
    ['etcd', 'etcd', 'http://'],
    ['zookeeper', 'ZooKeeper', ''],
  ] as const;

  it.each(SERVICES)('%s: nobody is there', async (service, _name, prefix) => {
    const said = await trouble(service, `${prefix}127.0.0.1:${await nobody()}`);
    expect(said).toMatch(/ cannot be reached \(.*ECONNREFUSED.*\): start it, or name another/);
  });

  it.each(SERVICES)('%s: it says nothing', async (service, _name, prefix) => {
    const silent = await silentServer();
    endings.push(silent.close);
    const said = await trouble(service, `${prefix}127.0.0.1:${silent.port}`, 100);
    expect(said).toContain('took the connection and did not answer within 100 ms');
  });

  it.each(SERVICES)('%s: it is something else', async (service, name, prefix) => {
    const stranger = await saying('SSH-2.0-OpenSSH_9.2\r\n');
    endings.push(stranger.close);
    const said = await trouble(service, `${prefix}127.0.0.1:${stranger.port}`);
    expect(said).toContain(`is no ${name}: something else listens there; name another port`);
  });

  it('etcd: it is another web server', async () => {
    const web = await webServer();
    endings.push(web.close);
    expect(await trouble('etcd', `127.0.0.1:${web.port}`)).toContain('is no etcd');
  });
});

/** One look at a Redis that the user has: its version, its role, whether it can be written. */
import { randomBytes } from 'node:crypto';
import { notThere, Obstacle, silent, stranger } from '../obstacle.js';
import type { Probe } from '../probe.js';
import { askRedis, infoField, RedisRefusal, type RedisReply, RedisSilence } from '../redis-wire.js';

/** Long enough for the next command, and gone by itself if that one does not come through. */
const KEY_TTL_MS = 1_000;

/** What refuses any command: the words before its sentence, and what helps. */
const REFUSALS: readonly (readonly [prefix: RegExp, clause: (message: string) => string])[] = [
  [/^NOAUTH/, () => 'needs a password: redis://:password@host:port'],
  [/^WRONGPASS/, () => 'refuses the user or the password in the address'],
  [/^ERR (?:AUTH|Client sent AUTH)/, () => 'takes no password: leave it out of the address'],
  [/^READONLY/, () => 'is read-only: name its primary'],
  [/^OOM/, () => 'is out of memory: raise its maxmemory, or name another server'],
  [/^ERR max number of clients/, () => 'has no connection left: raise its maxclients'],
  [/^LOADING/, () => 'is still loading what it has on disk: wait until it is ready'],
];

function refuse(reply: RedisReply | undefined): void {
  if (!(reply instanceof RedisRefusal)) return;
  const { message } = reply;
  const known = REFUSALS.find(([prefix]) => prefix.test(message));
  throw new Obstacle(known?.[1](message) ?? `refuses what a lock needs: ${message}`);
}

export const probeRedis: Probe = async (address, limitMs) => {
  const { user, password, database } = address;
  const key = `holdfast:probe:${randomBytes(8).toString('hex')}`;
  const login = password === undefined ? [] : [['AUTH', ...(user ? [user] : []), password]];
  const commands = [
    ...login,
    ['SELECT', database],
    ['INFO', 'server'],
    ['INFO', 'replication'],
    ['SET', key, 'probe', 'PX', String(KEY_TTL_MS)],
    ['DEL', key],
  ];
  const replies = await askRedis(address, commands, limitMs).catch((error: unknown) => error);
  if (!Array.isArray(replies)) throw await obstacleIn(replies, address, limitMs);
  const [select, server, replication, set, del] = replies.slice(login.length) as RedisReply[];
  for (const reply of [...replies.slice(0, login.length), select, server, replication]) {
    refuse(reply as RedisReply);
  }
  const info = String(replication);
  if (infoField(info, 'role') === 'slave') {
    const primary = `${infoField(info, 'master_host')}:${infoField(info, 'master_port')}`;
    throw new Obstacle(`is a replica, and so read-only: name its primary, ${primary}`);
  }
  for (const reply of [set, del]) refuse(reply);
  const about = String(server);
  return {
    version: infoField(about, 'redis_version') ?? 'unknown',
    identity: infoField(about, 'run_id'),
  };
};

async function obstacleIn(
  error: unknown,
  address: { readonly host: string; readonly port: number },
  limitMs: number,
): Promise<unknown> {
  if (!(error instanceof RedisSilence)) return error;
  switch (error.code) {
    case 'refused':
      return notThere(error.why);
    case 'silent':
      return silent(limitMs);
    default:
      return stranger('Redis', address, limitMs);
  }
}

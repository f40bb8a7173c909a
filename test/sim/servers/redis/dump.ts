/**
 * All data of a simulated Redis, asked for in its own language.
 */
import { type Reply, Status } from '../../../../src/sim/servers/redis/reply.js';
import type { World } from './world.js';

/** A connection nobody else uses: reading must not meddle with transactions. */
const READER = 99;

const CONTENT: Readonly<Record<string, readonly string[]>> = {
  string: ['GET'],
  hash: ['HGETALL'],
  list: ['LRANGE', '0', '-1'],
  set: ['SMEMBERS'],
  zset: ['ZRANGE', '0', '-1', 'WITHSCORES'],
};

/** Content and expiry of every key; sets and hashes without their order. */
export function dataOf(world: World): Record<string, unknown> {
  const keys = world.on(READER, 'KEYS', '*') as string[];
  const rows = [...keys]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((key) => [key, contentOf(world, key)]);
  return Object.fromEntries(rows) as Record<string, unknown>;
}

function contentOf(world: World, key: string): unknown {
  const type = world.on(READER, 'TYPE', key);
  const name = type instanceof Status ? type.text : '';
  const [command = '', ...options] = CONTENT[name] ?? [];
  const content = world.on(READER, command, key, ...options)!;
  const expireAtMs = world.on(READER, 'PEXPIRETIME', key);
  return { name, expireAtMs, content: unorderedIf(name === 'set' || name === 'hash', content) };
}

function unorderedIf(unordered: boolean, content: Reply): unknown {
  if (!unordered || !Array.isArray(content)) return content;
  return new Set(content as string[]);
}

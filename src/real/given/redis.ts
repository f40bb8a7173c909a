/**
 * A run on a Redis that the user has. Its keys are those whose names hold the mark; the password
 * and the number of the database are said by the proxies, so that clients send what they would
 * send to any Redis.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { respFraming } from '../proxy/resp.js';
import { framed } from '../proxy/tunnel.js';
import type { ServerAddress } from '../servers/address.js';
import { Obstacle } from '../servers/obstacle.js';
import { askRedis, bytesOf, encode, RedisRefusal, type RedisReply } from '../servers/redis-wire.js';
import type { GivenService } from './service.js';

/** Keys that one SCAN looks at. */
const LOOKED_AT = '10000';
/** What was on its way when its client ended may still arrive. */
const PASSES = 5;
const BETWEEN_PASSES_MS = 20;

export const GIVEN_REDIS: GivenService = {
  // Ten times a second, by default, it looks for keys that ran out.
  expiryMarginUs: 120_000,
  open(address) {
    const opening = openingOf(address);
    const bytes = Buffer.concat(opening.map(encode));
    return framed(respFraming, { bytes, replies: opening.length });
  },
  beat: () => Promise.resolve(undefined),
  claim: async (address, mark) => (await keysWith(address, mark)).length === 0,
  async remove(address, mark) {
    for (let pass = 0; pass < PASSES; pass++) {
      const keys = await keysWith(address, mark);
      if (keys.length === 0 && pass > 0) return;
      if (keys.length > 0) await ask(address, ['UNLINK', ...keys.map(bytesOf)]);
      await pause(BETWEEN_PASSES_MS);
    }
    throw new Obstacle('gets new keys while they are removed: look who uses it');
  },
};

/** What a connection says first. */
function openingOf({ user, password, database }: ServerAddress): string[][] {
  const login = password === undefined ? [] : [['AUTH', ...(user ? [user] : []), password]];
  return [...login, ['SELECT', database]];
}

async function ask(
  address: ServerAddress,
  command: readonly (string | Buffer)[],
): Promise<RedisReply> {
  const replies = await askRedis(address, [...openingOf(address), command]);
  const refusal = replies.find((reply) => reply instanceof RedisRefusal);
  if (refusal !== undefined) {
    throw new Obstacle(`refuses ${command[0]}, which a run needs: ${refusal.message}`);
  }
  return replies.at(-1)!;
}

/** The mark has no sign in it that a pattern knows. */
async function keysWith(address: ServerAddress, mark: string): Promise<string[]> {
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const command = ['SCAN', cursor, 'MATCH', `*${mark}*`, 'COUNT', LOOKED_AT];
    const [next, found] = (await ask(address, command)) as [string, readonly string[]];
    for (const key of found) keys.add(key);
    cursor = next;
  } while (cursor !== '0');
  return [...keys];
}

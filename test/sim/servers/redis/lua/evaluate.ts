/**
 * Runs scripts in tests, on a host that knows GET, SET, DEL and ECHO, and makes replies readable.
 */
import { compileScript } from '../../../../../src/sim/servers/redis/lua/index.js';
import type { ScriptHost } from '../../../../../src/sim/servers/redis/lua/script.js';
import { OK, RedisError, type Reply, Status } from '../../../../../src/sim/servers/redis/reply.js';

/** A host over a map of strings, which a test may fill beforehand and read afterwards. */
export function mapHost(strings = new Map<string, string>()): ScriptHost {
  return {
    call([name = '', key = '', value = '']) {
      switch (name.toLowerCase()) {
        case 'get':
          return strings.get(key) ?? null;
        case 'set':
          strings.set(key, value);
          return OK;
        case 'del':
          return strings.delete(key) ? 1 : 0;
        case 'echo':
          return key;
        default:
          return new RedisError('ERR Unknown Redis command called from script');
      }
    },
  };
}

/** A reply as plain data: a status as `{ ok }`, an error as `{ err }`. */
export type Plain = number | string | null | { ok: string } | { err: string } | Plain[];

export function plain(reply: Reply): Plain {
  if (reply instanceof Status) return { ok: reply.text };
  if (reply instanceof RedisError) return { err: reply.text };
  return Array.isArray(reply) ? reply.map(plain) : (reply as number | string | null);
}

export function evaluate(
  script: string,
  keys: readonly string[] = [],
  args: readonly string[] = [],
): Plain {
  return plain(compileScript(script).run(mapHost(), [...keys], [...args]));
}

/** The message of the error a script ends with, without the script's name behind it. */
export function failure(script: string): string {
  const reply = evaluate(script);
  if (reply === null || typeof reply !== 'object' || !('err' in reply)) {
    throw new Error(`the script ended well: ${JSON.stringify(reply)}`);
  }
  return reply.err.replace(/ script: [0-9a-f]{40}, on .*$/, '');
}

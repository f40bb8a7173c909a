/** Commands in the log of the fake world: one line each, a script by its name. */
import { DELETE_IF_OWN, EXTEND_IF_OWN, SET_AND_COUNT } from '../../src/algorithms/redis-scripts.js';
import { REDISLOCK_OBTAIN, REDISLOCK_PTTL } from '../../src/algorithms/redislock.js';
import { ENTER, ENTER_AND_COUNT, LEAVE, RENEW_ALL } from '../../src/algorithms/redisson-scripts.js';
import { REDSYNC_DELETE, REDSYNC_TOUCH_OR_SET } from '../../src/algorithms/redsync-mutex.js';
import { UCLOUD_RENEW } from '../../src/algorithms/ucloud-lock.js';

const SCRIPT_NAMES = new Map([
  [DELETE_IF_OWN, 'delete-if-own'],
  [EXTEND_IF_OWN, 'extend-if-own'],
  [SET_AND_COUNT, 'set-and-count'],
  [REDSYNC_DELETE, 'redsync-delete'],
  [REDSYNC_TOUCH_OR_SET, 'touch-or-set'],
  [REDISLOCK_OBTAIN, 'obtain'],
  [REDISLOCK_PTTL, 'pttl'],
  [UCLOUD_RENEW, 'ucloud-renew'],
  [ENTER, 'enter'],
  [ENTER_AND_COUNT, 'enter-and-count'],
  [LEAVE, 'leave'],
  [RENEW_ALL, 'renew-all'],
]);

/** A command in one line, a script by its name. */
export function readable([command, script, keys, ...rest]: readonly string[]): string {
  if (command !== 'EVAL')
    return [command, script, keys, ...rest].filter((w) => w !== undefined).join(' ');
  return [SCRIPT_NAMES.get(script!), ...rest].join(' ');
}

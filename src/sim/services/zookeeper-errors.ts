/**
 * What a ZooKeeper server that can be reached answers when it does not serve (upstream
 * ZooKeeperServer.java, KeeperException.java of 3.8.0).
 */
import type { Request as ZooKeeperRequest } from '../servers/zookeeper/messages.js';

/** It is overloaded: requests are refused, heartbeats are not. */
export const THROTTLED = 'ThrottledOp';
/** It has no leader: it closes every connection. */
export const NOT_RUNNING = 'ZooKeeperServer not running';

/** What upstream never throttles keeps sessions alive (Request.isThrottlable). */
export function isThrottlable({ type }: ZooKeeperRequest): boolean {
  return type !== 'connect' && type !== 'ping' && type !== 'closeSession' && type !== 'setWatches';
}

/**
 * What a ZooKeeper server that can be reached answers when it does not serve (upstream
 * ZooKeeperServer.java, KeeperException.java of 3.8.0).
 */

/** It is overloaded: requests are refused, heartbeats are not. */
export const THROTTLED = 'ThrottledOp';
/** It has no leader: it closes every connection. */
export const NOT_RUNNING = 'ZooKeeperServer not running';

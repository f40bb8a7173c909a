/** One look at a ZooKeeper that the user has: its version, and whether it serves. */
import { notThere, Obstacle, silent, stranger } from '../obstacle.js';
import type { Probe } from '../probe.js';
import { askZooKeeper, ZooKeeperSilent } from '../zookeeper-words.js';

export const probeZooKeeper: Probe = async (address, limitMs) => {
  const state = await askZooKeeper(address, limitMs).catch((error: Error) => {
    if (error instanceof ZooKeeperSilent) throw silent(limitMs);
    throw notThere(error.message);
  });
  const { text, mode, version } = state;
  if (/not in the whitelist/.test(text)) {
    throw new Obstacle(
      'does not say of which version it is: set 4lw.commands.whitelist=srvr in its zoo.cfg',
    );
  }
  if (/^Mode: read-only/m.test(text)) {
    throw new Obstacle('is read-only, cut off from its ensemble: bring more than half of it up');
  }
  if (/not currently serving requests/.test(text)) {
    throw new Obstacle('serves nobody: bring more than half of its ensemble up');
  }
  if (mode === undefined || version === undefined) {
    throw await stranger('ZooKeeper', address, limitMs);
  }
  return { version };
};

/** The simulated ZooKeeper beside the real one: a share of `npm run conformance`. */
import { describe, expect, it } from 'vitest';
import { run } from '../../../scripts/conformance/run.js';
import { withZooKeeper } from '../../../scripts/conformance/servers.js';
import { describeDivergence } from '../../../scripts/conformance/words.js';
import { conformZooKeeper } from '../../../scripts/conformance/zookeeper/index.js';
import {
  SETTINGS,
  ZOOKEEPER,
  zooKeeperArm,
} from '../../../scripts/conformance/zookeeper/service.js';
import { RealServer } from '../../../scripts/record/zookeeper/recorder.js';
import type { ServerMessage } from '../../../src/sim/servers/zookeeper/messages.js';
import { World } from '../../sim/servers/zookeeper/world.js';
import { isInstalled } from './programs.js';

const ZOOKEEPER_SERVER = {
  name: 'ZooKeeper',
  file: '/usr/share/java/zookeeper.jar',
  packages: 'zookeeper default-jre-headless',
};
const IS_INSTALLED = isInstalled(ZOOKEEPER_SERVER);

const LIE = { times: 0.1, seed: 'a lie', mostDivergences: 1, shrinkMs: 2000 };

/** It tells nobody that a znode was deleted. */
class LyingWorld extends World {
  override send(connection: number, message: ServerMessage): void {
    if (message.type === 'event' && message.event === 'NodeDeleted') return;
    super.send(connection, message);
  }
}

describe('the simulated ZooKeeper and the real one', () => {
  it('answer 1,000 generated requests alike', async () => {
    if (!IS_INSTALLED) return;
    const result = await conformZooKeeper({ times: 0.05, seed: 'tests' }, 1);
    const divergences = result.divergences.map((each) => describeDivergence('zookeeper', each));
    expect(divergences).toEqual([]);
    expect(result.commands).toBeGreaterThanOrEqual(1000);
  });

  it('are told apart by one event that is missing', async () => {
    if (!IS_INSTALLED) return;
    const { divergences } = await run(ZOOKEEPER, LIE, [
      (play) =>
        withZooKeeper(SETTINGS, async (port) => {
          const server = await RealServer.open([port]);
          await play(zooKeeperArm(server, 'a lie', LyingWorld));
          server.close();
        }),
    ]);
    expect(divergences.length).toBeGreaterThan(0);
    for (const { real, simulated } of divergences) {
      expect(real).toContain('"NodeDeleted"');
      expect(simulated).not.toContain('"NodeDeleted"');
    }
  });
});

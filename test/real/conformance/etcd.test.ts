/** The simulated etcd beside the real one: a share of `npm run conformance`. */
import { describe, expect, it } from 'vitest';
import { conformEtcd } from '../../../scripts/conformance/etcd/index.js';
import { UNTIMED } from '../../../scripts/conformance/etcd/sequences.js';
import { ETCD, etcdArm } from '../../../scripts/conformance/etcd/service.js';
import { run } from '../../../scripts/conformance/run.js';
import { withEtcd } from '../../../scripts/conformance/servers.js';
import { describeDivergence } from '../../../scripts/conformance/words.js';
import type { EtcdResponse } from '../../../src/sim/servers/etcd/messages.js';
import { World } from '../../sim/servers/etcd/world.js';
import { isInstalled } from './programs.js';

const ETCD_SERVER = { name: 'etcd', file: 'etcd', packages: 'etcd-server' };
const IS_INSTALLED = isInstalled(ETCD_SERVER);

const LIE = { times: 0.1, seed: 'a lie', mostDivergences: 1 };

/** It counts one more key than it deleted. */
class LyingWorld extends World {
  override answerTo(connection: number, call: number): EtcdResponse | undefined {
    const answer = super.answerTo(connection, call);
    if (answer?.type !== 'deleteRange' || answer.deleted === 0) return answer;
    return { ...answer, deleted: answer.deleted + 1 };
  }
}

describe('the simulated etcd and the real one', () => {
  it('answer 1,000 generated requests alike', async () => {
    if (!IS_INSTALLED) return;
    const result = await conformEtcd({ times: 0.05, seed: 'tests' }, 4);
    const divergences = result.divergences.map((each) => describeDivergence('etcd', each));
    expect(divergences).toEqual([]);
    expect(result.commands).toBeGreaterThanOrEqual(1000);
  });

  it('are told apart by one wrong answer, in few requests', async () => {
    if (!IS_INSTALLED) return;
    const { divergences } = await run({ ...ETCD, sequences: UNTIMED }, LIE, [
      (play) => withEtcd((members) => play(etcdArm(members, () => new LyingWorld()))),
    ]);
    expect(divergences.length).toBeGreaterThan(0);
    for (const { steps } of divergences) {
      expect(steps.length).toBeLessThanOrEqual(6);
      expect(steps.at(-1)!.command).toContain('deleteRange');
    }
  });
});

/**
 * etcd: watches and leases take their time, so several servers play at a time; revisions count all
 * changes of a server, so that each lane has one of its own.
 */
import type { Sequence } from '../../record/etcd/sequence.js';
import type { Result } from '../result.js';
import { type LaneStarter, run, type Wish } from '../run.js';
import { versionOf, withEtcd } from '../servers.js';
import { ETCD, etcdArm } from './service.js';

const LANES = 6;

export async function conformEtcd(wish: Wish, lanes = LANES): Promise<Result> {
  const start: LaneStarter<Sequence> = (play) => withEtcd((members) => play(etcdArm(members)));
  const result = await run(ETCD, wish, Array<LaneStarter<Sequence>>(lanes).fill(start));
  return { ...result, server: versionOf('etcd') };
}

/**
 * Records what real servers answer: `npm run record` starts servers of its own, plays every
 * sequence, and writes test/golden. The simulated servers must answer the same. One service alone:
 * `npm run record redis`; of ZooKeeper one family alone: `npm run record zookeeper watches`.
 */
import { recordEtcd } from './record/etcd/index.js';
import { recordPostgres } from './record/postgres/record.js';
import { recordRedis } from './record/redis/index.js';
import { recordZooKeeper } from './record/zookeeper/record.js';

const RECORDERS = {
  redis: recordRedis,
  etcd: recordEtcd,
  postgres: recordPostgres,
  zookeeper: recordZooKeeper,
} as const;
const [only, family] = process.argv.slice(2);
if (only !== undefined && !Object.hasOwn(RECORDERS, only)) {
  throw new Error(`${only} is not recorded; known are ${Object.keys(RECORDERS).join(', ')}`);
}
for (const [service, record] of Object.entries(RECORDERS)) {
  if (only === undefined || only === service) await record(family);
}

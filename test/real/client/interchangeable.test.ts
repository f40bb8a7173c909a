/**
 * What a lock gets of a simulation and of real servers has the same type: each stands where the
 * other is wanted. That this file compiles is the test; that nothing is left out is run.
 */
import { expect, expectTypeOf, test } from 'vitest';
import type { Environment, RedisConnection } from '../../../src/algorithms/environment.js';
import type { EtcdConnection } from '../../../src/algorithms/etcd-connection.js';
import type { PostgresConnection } from '../../../src/algorithms/postgres-connection.js';
import type { ZooKeeperClient, ZooKeeperSession } from '../../../src/algorithms/zookeeper.js';
import { etcdConnection } from '../../../src/real/client/etcd.js';
import { postgresConnection } from '../../../src/real/client/postgres.js';
import { redisConnection } from '../../../src/real/client/redis.js';
import { zookeeperClient } from '../../../src/real/client/zookeeper.js';
import { SimEtcdConnection } from '../../../src/sim/services/etcd-connection.js';
import { SimPostgresConnection } from '../../../src/sim/services/postgres-connection.js';
import { SimRedisConnection } from '../../../src/sim/services/redis-connection.js';
import { SimZooKeeperClient } from '../../../src/sim/services/zookeeper-client.js';
import { CallLog } from './real-arm.js';

const NOWHERE = { server: 's1', host: '127.0.0.1', port: 1 };

test('a real connection is what a simulated one is, and the other way round', () => {
  type Real<F extends (...args: never[]) => unknown> = ReturnType<F>;
  expectTypeOf<SimRedisConnection>().toExtend<Real<typeof redisConnection>>();
  expectTypeOf<SimPostgresConnection>().toExtend<Real<typeof postgresConnection>>();
  expectTypeOf<SimEtcdConnection>().toExtend<Real<typeof etcdConnection>>();
  expectTypeOf<SimZooKeeperClient>().toExtend<Real<typeof zookeeperClient>>();
  expectTypeOf<Real<typeof redisConnection>>().toEqualTypeOf<RedisConnection>();
  expectTypeOf<Real<typeof postgresConnection>>().toEqualTypeOf<PostgresConnection>();
  expectTypeOf<Real<typeof etcdConnection>>().toEqualTypeOf<EtcdConnection>();
  expectTypeOf<Real<typeof zookeeperClient>>().toEqualTypeOf<ZooKeeperClient>();
  expectTypeOf<Environment['redis'][number]>().toEqualTypeOf<RedisConnection>();
  expectTypeOf<Environment['postgres'][number]>().toEqualTypeOf<PostgresConnection>();
  expectTypeOf<Environment['etcd'][number]>().toEqualTypeOf<EtcdConnection>();
  expectTypeOf<Environment['zookeeper'][number]>().toEqualTypeOf<ZooKeeperClient>();
  expectTypeOf<ReturnType<SimZooKeeperClient['connect']>>().toEqualTypeOf<ZooKeeperSession>();
});

/** All that can be called on an object of a class. */
function methodsOf(prototype: object): string[] {
  return Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
}

test('a real connection has the name of its server, and every method of a simulated one', () => {
  const calls = new CallLog();
  for (const [real, simulated] of [
    [redisConnection(calls, NOWHERE), SimRedisConnection],
    [postgresConnection(calls, NOWHERE), SimPostgresConnection],
    [etcdConnection(calls, NOWHERE), SimEtcdConnection],
    [zookeeperClient(calls, NOWHERE), SimZooKeeperClient],
  ] as const) {
    expect(real.server).toBe('s1');
    const inner = new Set(['open', 'ask', 'sendOn', 'textOf']);
    for (const method of methodsOf(simulated.prototype).filter((name) => !inner.has(name))) {
      expect(real).toHaveProperty(method, expect.any(Function));
    }
  }
  expect(calls.entered).toBe(0);
});

test('what is no word of a command is refused before anything is sent, as simulated', () => {
  const calls = new CallLog();
  const redis = redisConnection(calls, NOWHERE);
  const nothing = undefined as unknown as string;
  expect(() => redis.call('SET', 'job', nothing)).toThrow('SET: its argument 2 is undefined;');
  expect(() => redis.eval('return 1', [nothing])).toThrow('EVAL: its key 1 is undefined;');
  expect(calls.entered).toBe(0);
});

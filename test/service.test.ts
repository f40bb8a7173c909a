/** Servers and the services that they belong to, by name. */
import { expect, test } from 'vitest';
import {
  describeServers,
  hasSessions,
  mayForget,
  SERVICES,
  serverNames,
  serviceOf,
} from '../src/service.js';

test('every server is known by its letter', () => {
  for (const service of SERVICES) {
    for (const name of serverNames(service, 2)) expect(serviceOf(name)).toBe(service);
  }
  expect(serverNames('zookeeper', 2)).toEqual(['z1', 'z2']);
  expect(['store', 'A', 'r0', 'z'].map(serviceOf)).toEqual(Array(4).fill(undefined));
});

test('leases of etcd and ZooKeeper live with sessions, those of Redis do not', () => {
  expect(['e1', 'z1', 'r1', 'store'].map(hasSessions)).toEqual([true, true, false, false]);
});

test('persistence is an option of those that a crash may make forget what they confirmed', () => {
  expect([['r1'], ['p1'], ['e1'], ['z1'], ['e1', 'r1']].map(mayForget)).toEqual([
    true,
    true,
    false,
    false,
    true,
  ]);
});

test('servers in words, by service', () => {
  expect(describeServers(['r1', 'r2', 'z1'])).toBe('2 × redis, 1 × zookeeper');
  expect(describeServers(['r1'], 2)).toBe('1 × redis with 2 replicas');
  expect(describeServers(['r1', 'r2', 'z1'], 2)).toBe(
    '2 × redis with 2 replicas each, 1 × zookeeper',
  );
});

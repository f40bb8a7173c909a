/** What servers make of a term: a minimum and whole seconds, or bounds on both sides. */
import { expect, test } from 'vitest';
import { otherTerm } from '../../../src/sim/services/lease-bounds.js';

test.each([
  ['etcd', ['e1'], 500, 2_000],
  ['etcd', ['e1'], 2_500, 3_000],
  ['zookeeper', ['z1', 'z2', 'z3'], 1_000, 4_000],
  ['zookeeper', ['z1'], 60_000, 40_000],
] as const)('R1 of %s (%j) %i ms become %i', (by, servers, askedMs, grantedMs) => {
  expect(otherTerm(servers, askedMs)).toEqual({ askedMs, grantedMs, by });
});

test.each([
  [['e1'], 2_000],
  [['z1'], 4_000],
  [['z1'], 40_000],
  [['r1', 'r2', 'r3'], 1],
  [['p1'], 1],
  [['k1'], 1],
] as const)('R1 of %j %i ms are granted as they are', (servers, askedMs) => {
  expect(otherTerm(servers, askedMs)).toBeUndefined();
});

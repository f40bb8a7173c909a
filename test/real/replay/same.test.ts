/** What counts as the same in a real run and in its story. */
import { describe, expect, test } from 'vitest';
import { Likeness, sameText } from '../../../src/real/replay/same.js';

describe('texts of a real run', () => {
  test.each([
    ['set k A1 NX PX 10000', 'SET k A1 NX PX 10000'],
    ['(integer) 9876', '(integer) 9950'],
    ['ZADD q 1763751234567 A', 'ZADD q 1700000001234 A'],
    ['["A", "998"]', '["A", "1000"]'],
    ["UPDATE t [5, 'k']", "UPDATE t ['5', 'k']"],
    ['SELECT {"t":"2026-11-21 21:19:10.04+00"}', 'SELECT {"t":"2023-11-14 22:13:20+00"}'],
    ['connected, session 7, timeout 4000 ms', 'connected, session 1, timeout 4000 ms'],
  ])('%s is %s', (real, simulated) => {
    expect(sameText(real, simulated)).toBe(true);
  });

  test.each([
    ['(integer) 0', '(integer) 1'],
    ['(nil)', 'OK'],
    ['SET k A1 NX PX 10000', 'SET k B1 NX PX 10000'],
    ['SET k A1-1-x NX', 'SET k A2-1-x NX'],
    ['(integer) 500', '(integer) 10000'],
    ['DEL k', 'DEL k l'],
    ['get k (created at 2)', 'get k (created at 4)'],
    ['connected, session 7, timeout 4000 ms', 'connected, session 7, timeout 10000 ms'],
  ])('%s is not %s', (real, simulated) => {
    expect(sameText(real, simulated)).toBe(false);
  });
});

test('of its replicas a Redis says much, and how many they are counts', () => {
  const first = '"# Replication\\r\\nrole:master\\r\\n';
  const real = (replicas: number) =>
    `${first}connected_slaves:${replicas}\\r\\nslave0:ip=127.0.0.1\\r\\n"`;
  const simulated = `${first}connected_slaves:2\\r\\n"`;
  expect(sameText(real(2), simulated)).toBe(true);
  expect(sameText(real(1), simulated)).toBe(false);
});

test('a lease of etcd has the name that its story gives it, wherever it stands', () => {
  const likeness = new Likeness(new Set());
  expect(likeness.same('r1', 'get k/7f3a', 'get k/1')).toBe(false);
  expect(
    likeness.same('r1', 'lease 7f3a granted with TTL(2s)', 'lease 1 granted with TTL(2s)'),
  ).toBe(true);
  expect(likeness.same('r1', 'get k/7f3a', 'get k/1')).toBe(true);
  expect(likeness.same('r1', 'get k/7f3a', 'get k/2')).toBe(false);
  // No two of them are one.
  expect(
    likeness.same('r1', 'lease 99aa granted with TTL(2s)', 'lease 1 granted with TTL(2s)'),
  ).toBe(false);
});

test('a try with an owner id of its own is the try that its story has in that place', () => {
  const likeness = new Likeness(new Set());
  expect(likeness.same('r1', 'SET k A1-6-n14s2w PX 100 NX', 'SET k A1-7-dv33wg PX 100 NX')).toBe(
    true,
  );
  expect(likeness.same('r1', 'DEL k A1-6-n14s2w', 'DEL k A1-7-dv33wg')).toBe(true);
  // Of another operation, another command, or another try than before.
  expect(likeness.same('r1', 'SET k A2-1-aaaaaa', 'SET k A1-8-bbbbbb')).toBe(false);
  expect(likeness.same('r1', 'GET k A1-9-cccccc', 'SET k A1-8-bbbbbb')).toBe(false);
  expect(likeness.same('r1', 'DEL k A1-6-n14s2w', 'DEL k A1-8-bbbbbb')).toBe(false);
});

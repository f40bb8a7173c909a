/** Names close to a mistyped one. */
import { expect, test } from 'vitest';
import { nearest } from '../src/nearest.js';

const names = ['redlock', 'set-nx', 'set-nx-fenced', 'lease', 'no-ttl'];

test('one letter missing, added, wrong or in the other case', () => {
  expect(nearest('redlok', names)).toEqual(['redlock']);
  expect(nearest('redlockk', names)).toEqual(['redlock']);
  expect(nearest('redlack', names)).toEqual(['redlock']);
  expect(nearest('RedLock', names)).toEqual(['redlock']);
});

test('a short word may still be one letter off, or have two swapped', () => {
  expect(nearest('no', ['on', 'non', 'yes'])).toEqual(['on', 'non']);
});

test('nearest first, then in the order given', () => {
  expect(nearest('leases', ['leaves', 'lease', 'please', 'leased'])).toEqual([
    'leaves',
    'lease',
    'leased',
    'please',
  ]);
});

test('nothing is near to a word of its own', () => {
  expect(nearest('zookeeper', names)).toEqual([]);
  expect(nearest('', names)).toEqual([]);
});

test('two letters swapped are one edit', () => {
  expect(nearest('dealy', ['pause', 'delay'])).toEqual(['delay']);
});

/** Leases and their extensions as the servers saw them (R1, R9). */
import { expect, test } from 'vitest';
import { leaseChains } from '../../src/checkers/lease-chains.js';
import { indexHistory } from '../../src/checkers/sections.js';
import { story } from './history-builder.js';

test('R9 each extension is in its chain once, whoever held the key before', () => {
  const history = story('A', 'B')
    .acquire('A', 0)
    .release('A', 2)
    .acquire('B', 5)
    .renew('B', 8)
    .renew('B', 11)
    .renew('B', 14)
    .history();
  const chains = leaseChains(indexHistory(history));
  const told = chains.map(({ leases }) => leases.map(({ record }) => record.operation));
  expect(told).toEqual([['A1'], ['B1', 'B1', 'B1', 'B1']]);
  expect(new Set(chains[1]!.leases).size).toBe(4);
});

/** How many servers have a lease of a grant, whatever becomes of its keys (R1). */
import { expect, test } from 'vitest';
import { indexHistory } from '../../src/checkers/sections.js';
import { Standing } from '../../src/checkers/standing.js';
import type { HistoryRecord } from '../../src/history.js';
import { type Story, story } from './history-builder.js';

/** A second key of the grant at that server, with lease 99. */
const secondKey = (atMs: number, server = 'r1'): HistoryRecord => ({
  ...{ type: 'lease', atUs: atMs * 1_000, lease: 99, key: 'lock:more', server, host: 'A' },
  ...{ incarnation: 1, operation: 'A1', sentAtUs: 0, termUs: 10_000_000, extends: false },
});
const gone = (atMs: number): HistoryRecord => ({
  ...{ type: 'lease-end', atUs: atMs * 1_000, lease: 99, cause: 'expired' },
});

/** The servers after each record of the story, when the number changes. */
function changes(told: Story): string {
  const index = indexHistory(told.history());
  const standing = new Standing(index.grants[0]!);
  const shown: string[] = [];
  let last = standing.serversAt(0);
  expect(last).toBe(0);
  index.records.forEach((record, at) => {
    const servers = standing.serversAt(at + 1);
    if (servers !== last) shown.push(`${record.atUs / 1_000}: ${servers}`);
    last = servers;
  });
  return shown.join(', ');
}

const three = () => story('A').servers('r1', 'r2', 'r3').acquire('A', 0);

test('R1 each server with a lease counts once', () => {
  const told = three().leaseEnd('A', 5, 'expired', { server: 'r2' });
  expect(changes(told)).toBe('0.5: 1, 0.5: 2, 0.5: 3, 5: 2');
});

test('R1 a renewed lease ends once, and one that was replaced ends nothing', () => {
  const one = () => story('A').acquire('A', 0);
  expect(changes(one().renew('A', 3).leaseEnd('A', 5, 'expired'))).toBe('0.5: 1, 5: 0');
  const replaced = one().leaseEnd('A', 5, 'expired').renew('A', 3);
  expect(changes(replaced)).toBe('0.5: 1');
  expect(changes(replaced.leaseEnd('A', 7, 'expired'))).toBe('0.5: 1, 7: 0');
  expect(changes(one().leaseEnd('A', 5, 'lost').renew('A', 6))).toBe('0.5: 1, 5: 0, 6.5: 1');
});

test('R1 a server with two keys has a lease until the second of them is gone', () => {
  const told = () => story('A').acquire('A', 0).add(secondKey(1));
  expect(changes(told().leaseEnd('A', 5, 'expired').add(gone(7)))).toBe('0.5: 1, 7: 0');
  expect(changes(told().add(gone(4)).leaseEnd('A', 5, 'expired'))).toBe('0.5: 1, 5: 0');
  const elsewhere = three().add(secondKey(1, 'r3')).add(gone(4));
  expect(changes(elsewhere)).toBe('0.5: 1, 0.5: 2, 0.5: 3');
});

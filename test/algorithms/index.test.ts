/** The registry: every lock file is in it, and every lock says what it is and what it claims. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findLock, locks } from '../../src/algorithms/index.js';
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import { validateAlgorithm } from '../../src/algorithms/validate.js';

const folder = new URL('../../src/algorithms/', import.meta.url);

/** The default exports of a folder's files, by file name. */
async function exported(path: string): Promise<Map<string, LockAlgorithm>> {
  const found = new Map<string, LockAlgorithm>();
  const url = new URL(path, folder);
  for (const file of readdirSync(fileURLToPath(url)).filter((name) => name.endsWith('.ts'))) {
    const module = (await import(new URL(file, url).href)) as { default?: LockAlgorithm };
    if (module.default !== undefined) found.set(file, module.default);
  }
  return found;
}

test('every file that exports a lock is registered, under the name of its file', async () => {
  const files = new Map([...(await exported('./')), ...(await exported('./flawed/'))]);
  expect(locks.map(({ name }) => `${name}.ts`).sort()).toEqual([...files.keys()].sort());
  for (const [file, lock] of files) expect(findLock(lock.name), file).toBe(lock);
});

test('correct locks come first, and each flawed one lives in flawed/', async () => {
  const flawedFiles = await exported('./flawed/');
  const flawed = locks.filter((lock) => lock.flaw !== undefined);
  expect(new Set(flawed)).toEqual(new Set(flawedFiles.values()));
  expect(locks.slice(-flawed.length)).toEqual(flawed);
});

test('findLock finds by name', () => {
  expect(findLock('redlock')?.services.redis).toBe('servers');
  expect(findLock('Redlock')).toBeUndefined();
});

const SOURCE = new RegExp(
  [
    '(Redis|PostgreSQL|ZooKeeper|Curator) documentation',
    'Kleppmann',
    'etcd',
    String.raw`^[\w-]+/[\w-]+( v[\d.]+)?: `,
  ].join('|'),
);

describe.each(locks)('$name', (lock) => {
  test('passes the checks that lock files of users get', () => {
    const checked = validateAlgorithm(lock, lock.name);
    expect({ ...checked, create: lock.create }).toEqual(lock);
  });

  test('has a summary of one sentence and a source', () => {
    expect(lock.summary).toMatch(/^[A-Z].*[A-Za-z]\.$/);
    expect(lock.source.length).toBeGreaterThan(20);
  });

  test('R13 claims something of each property, with reason and source where it breaks', () => {
    const overlaps = ['read-write', 'permits'] as const;
    const properties = [
      overlaps.find((property) => lock.claims[property] !== undefined) ?? 'mutual-exclusion',
      'resource-safety',
      'leak',
      'progress',
      'belief',
    ] as const;
    for (const property of properties)
      expect(lock.claims[property]?.default, property).toBe('holds');
    for (const [property, table] of Object.entries(lock.claims)) {
      for (const [fault, claim] of Object.entries(table)) {
        if (claim === 'holds') continue;
        const where = `${property} under ${fault}`;
        expect(claim.reason.length, where).toBeGreaterThan(20);
        expect(claim.source, where).toMatch(SOURCE);
        expect(claim.withinRuns ?? 1, where).toBeLessThanOrEqual(10_000);
        const worst = WORST[property as keyof typeof WORST] ?? ['breaks'];
        expect(worst, where).toContain(claim.worst);
      }
    }
  });

  test('R13 a flaw names what must be found and within how many runs, and who repairs it', () => {
    if (lock.flaw === undefined) {
      expect(lock.fixedBy).toBeUndefined();
      return;
    }
    expect(lock.flaw.faults.length).toBeGreaterThan(0);
    expect(lock.flaw.runs).toBeLessThanOrEqual(10_000);
    const sibling = findLock(lock.fixedBy!);
    expect(sibling?.flaw).toBeUndefined();
    expect(sibling).toBeDefined();
  });

  test('every option has a doc of one line', () => {
    for (const [name, { doc }] of Object.entries(lock.options))
      expect(doc, name).toMatch(/^[a-z].+$/);
  });
});

const WORST = {
  'mutual-exclusion': ['inherent', 'stale', 'breaks'],
  'read-write': ['inherent', 'stale', 'breaks'],
  permits: ['inherent', 'stale', 'breaks'],
  leak: ['until-ttl', 'breaks'],
};

/** Published failures: each has its row, names what exists, and its replay code replays. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Shown, Sought, Use } from '../../scripts/failures/failure.js';
import { chosen, publishedFailures } from '../../scripts/failures/published/index.js';
import { complaint, type Outcome } from '../../scripts/failures/report.js';
import { type Found, find, prepare, survive } from '../../scripts/failures/search.js';
import { createRunPort } from '../../src/host/run-port.js';
import { compression, withGuards } from '../../src/host/session.js';
import { decodeReplay } from '../../src/search/replay-code.js';
import { EditedDecisions, SeededDecisions } from '../../src/sim/decisions.js';

/** What the report says of a failure; of one that is not shown it says why. */
interface Row extends Omit<Shown, 'clean' | 'faults'> {
  readonly cannot?: string;
  readonly runs: number;
  readonly replay: string;
  readonly why: string;
  readonly clean: { readonly none?: string; readonly survivedRuns?: number };
}

const file = (name: string) => readFileSync(`reports/published-failures.${name}`, 'utf8');
const report = JSON.parse(file('json')) as { cleanRuns: number; failures: Row[] };
const shown = report.failures.filter(({ cannot }) => cannot === undefined);

/** Those that have a variant of their own or show in a lock of ours. */
const NUMBERS = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 51, 53, 56, 58, 59, 60, 61, 62, 63, 64, 66, 81,
  82, 85, 86, 88, 92, 95, 96, 97, 101, 103, 104, 105, 107, 110, 112, 120, 121, 129, 130,
];

test('each number has one entry, in order, and one row', () => {
  expect(publishedFailures.map(({ number }) => number)).toEqual(NUMBERS);
  expect(report.failures.map(({ number, id }) => [number, id])).toEqual(
    publishedFailures.map(({ number, id }) => [number, id]),
  );
});

test('a number on the command line names a failure, and all are meant without one', () => {
  expect(chosen([])).toBe(publishedFailures);
  expect(chosen(['92', '1']).map(({ number }) => number)).toEqual([92, 1]);
  expect(() => chosen(['1', '999'])).toThrow('there is no published failure 999; there are 1, 2');
  expect(() => chosen(['redisson'])).toThrow('there is no published failure redisson');
});

test('an entry names locks, workloads and options that there are', () => {
  const uses = publishedFailures.flatMap((failure): readonly (Use | undefined)[] =>
    'cannot' in failure
      ? [failure.tried]
      : [failure, 'none' in failure.clean ? undefined : failure.clean],
  );
  for (const use of uses) if (use !== undefined) expect(() => prepare(use)).not.toThrow();
});

test('an entry has a citation, and a reason where something is missing', () => {
  for (const failure of publishedFailures) {
    expect(failure.citation.length, failure.id).toBeGreaterThan(10);
    if ('cannot' in failure) expect(failure.cannot, failure.id).toMatch(/^[A-Z].*\.$/);
    else if ('none' in failure.clean) expect(failure.clean.none).toMatch(/^[a-z].{40}/);
  }
});

test('the report has found all that can be shown, and every clean variant came out clean', () => {
  for (const { id, runs, clean } of shown) {
    expect(runs, id).toBeGreaterThan(0);
    if (clean.none === undefined) expect(clean.survivedRuns, id).toBe(report.cleanRuns);
  }
});

test('the table is the one of the figures', () => {
  const table = file('md');
  for (const { number, id, replay } of shown) {
    expect(table).toContain(`| ${number} | \`${id}\` |`);
    expect(table).toContain(`npx holdfast replay ${replay}\n`);
  }
  for (const { number, cannot } of report.failures) {
    if (cannot !== undefined) expect(table).toContain(`- **${number}**`);
  }
});

describe.each(shown)('$number $id', ({ lock, workload, property, class: name, replay }) => {
  test('R6 its code replays: the same run, with the violation of the row', async () => {
    const { scenario, key, overrides, digest } = decodeReplay(replay, compression);
    expect(scenario.algorithm).toBe(lock);
    const { algorithm, workload: used } = prepare({ lock, workload: scenario.workload });
    if (workload !== undefined) expect(scenario.workload).toBe(workload);
    const decisions =
      overrides === undefined ? new SeededDecisions(key) : new EditedDecisions(key, overrides);
    const run = await withGuards(false, (guards) =>
      createRunPort(algorithm, used, guards, () => false).check(scenario, decisions),
    );
    const invalid = run.properties.filter(({ verdict }) => verdict === 'invalid');
    expect(invalid).toContainEqual(
      expect.objectContaining({ property, ...(name !== undefined && { class: name }) }),
    );
    expect(run.digest, 'npm run failures makes codes of this state').toBe(digest);
  });
});

describe('the search', () => {
  const sought = { property: 'leak', class: 'for-ever', faults: ['client-crash'] } as const;

  test('shows a failure by the faults of its story alone', async () => {
    const found = await find({ lock: 'setnx-then-expire' }, sought, 400);
    expect(found!.counterexample.necessary).toEqual([expect.stringMatching(/^(kill|power)/)]);
    const elsewhere = { ...sought, faults: ['pause'] as const };
    expect(await find({ lock: 'setnx-then-expire' }, elsewhere, 100)).toBeUndefined();
  });

  test('tells faults of clients from faults of servers', async () => {
    const step = (hosts: 'servers' | 'clients'): Sought => ({
      property: 'mutual-exclusion',
      class: 'double-grant',
      faults: ['clock-step'],
      hosts,
    });
    expect(await find({ lock: 'set-nx' }, step('servers'), 400)).toBeDefined();
    expect(await find({ lock: 'set-nx' }, step('clients'), 400)).toBeUndefined();
  });

  test('a variant that shows the failure does not survive it, though it claims to', async () => {
    const overlap = { property: 'mutual-exclusion', class: 'inherent-overlap' } as const;
    const { runs, failed } = await survive(
      { lock: 'set-nx' },
      { ...overlap, faults: ['pause'] },
      400,
    );
    expect(runs).toBeLessThan(400);
    expect(failed).toBe(
      'shows mutual-exclusion (inherent-overlap) with the faults of the story alone',
    );
  });

  test('nor one that breaks a promise, or runs that reach nothing', async () => {
    const broken = await survive({ lock: 'lock-manager-66' }, sought, 200);
    expect(broken.failed).toMatch(/, which the lock does not claim$/);
    const idle = await survive({ lock: 'set-nx' }, sought, 1);
    expect(idle.failed).toMatch(/^not reached: /);
  });
});

describe('what is wrong with a row', () => {
  const named = { number: 1, id: 'one', citation: 'somewhere' };
  const can: Shown = {
    ...named,
    lock: 'set-nx',
    property: 'leak',
    faults: [],
    clean: { lock: 'set-nx' },
  };
  const found = { runs: 3 } as Found;

  test.each<[string, Outcome, string | undefined]>([
    ['all is well', { failure: can, found, survived: { runs: 9, ms: 1 } }, undefined],
    ['not found', { failure: can, soughtRuns: 9 }, '1 one: not found in 9 runs'],
    [
      'not clean',
      { failure: can, found, survived: { runs: 4, ms: 1, failed: 'it leaks' } },
      '1 one: the clean variant, run 5: it leaks',
    ],
    ['not shown', { failure: { ...named, cannot: 'No.' } }, undefined],
    [
      'shown after all',
      { failure: { ...named, cannot: 'No.' }, found },
      '1 one: it can be shown after all',
    ],
  ])('%s', (_name, outcome, wrong) => {
    expect(complaint(outcome)).toBe(wrong);
  });
});

/**
 * Why a service granted twice: which clock a lease was over by, whose permit was lost, and what the
 * second took for a grant although the lease of the first stood (docs/semantics.md, R3, R18).
 */
import { describe, expect, test } from 'vitest';
import type { Checker } from '../../src/checkers/checker.js';
import { mutualExclusion } from '../../src/checkers/mutual-exclusion.js';
import { ownership } from '../../src/checkers/ownership.js';
import { permits } from '../../src/checkers/permits.js';
import type { Fault } from '../../src/fault.js';
import { narrate } from '../../src/story/narrative/index.js';
import { storyRows } from '../../src/story/rows.js';
import { type Story, story } from '../checkers/history-builder.js';
import { judge } from '../checkers/judging.js';
import { request } from '../checkers/leak-records.js';
import { type Beneath, traceOf } from './telling.js';

function why(checker: Checker, of: Story, beneath: Beneath = {}): string {
  const verdict = judge(checker, of);
  expect(verdict.verdict).toBe('invalid');
  return narrate(verdict, traceOf(of, beneath));
}

const failover: Fault = { id: 'f1', class: 'failover', at: { atUs: 15e3 }, host: 'r1', replica: 1 };
const crash: Fault = {
  id: 'f1',
  class: 'server-crash',
  at: { atUs: 15e3 },
  host: 'r1',
  restartAfterUs: 0,
};
const struck = (told: Story, { id, class: of }: Fault, atMs: number): Story =>
  told
    .add({ type: 'fault', atUs: atMs * 1000, fault: id, class: of, edge: 'start' })
    .add({ type: 'fault', atUs: atMs * 1000, fault: id, class: of, edge: 'touched' });

describe('R3 R18 a lease that was over by one clock only', () => {
  /** B takes what A has, whose lease is of 10 s. */
  const taken = (told: Story) =>
    told
      .acquire('B', 50)
      .leaseEnd('A', 50.5, 'overwritten', { by: 'B' })
      .enter('B', 52)
      .step('A', 53);
  const held = () => story('A', 'B').acquire('A', 0).enter('A', 2);

  test('that of whoever took it', () => {
    const told = why(mutualExclusion, taken(held().clock('B', 'wall', 40, 9_990)));
    expect(told).toContain(
      "B (operation B1) overwrote A's lease at 50.5 ms: by the wall clock of B, 9.950 s ahead " +
        'since it was stepped at 40 ms, its 10 s were over.',
    );
    expect(told).toContain('What helps: let one clock decide when a lease is over');
    expect(told).not.toContain('owner id');
  });

  test('that of its owner, which had been behind', () => {
    const behind = story('A', 'B').clock('A', 'wall', 0, -9_960).acquire('A', 1).enter('A', 3);
    expect(why(mutualExclusion, taken(behind))).toContain(
      'by the wall clock of A, 9.960 s behind since it was stepped at 0 ms',
    );
  });

  test('that of the server; ownership says so too', () => {
    const told = why(ownership, taken(held().clock('r1', 'wall', 40, 9_990)));
    expect(told).toContain('By the wall clock of r1, 9.950 s ahead since it was stepped at 40 ms');
    expect(told).toContain('What helps: server clocks that are slewed');
  });

  test('without such a clock it is the owner id', () => {
    expect(why(mutualExclusion, taken(held()))).toContain('owner id, in one script');
    const rows = taken(story('A', 'B').servers('p1').acquire('A', 0).enter('A', 2));
    expect(why(mutualExclusion, rows)).toContain('owner id, in one statement');
    expect(why(ownership, rows)).toContain('atomic step (a statement)');
  });
});

test('R18 the permit of a third is lost by a failover', () => {
  const told = struck(story('A', 'B', 'C').declares({ permits: 2 }), failover, 15)
    .acquire('A', 0)
    .enter('A', 2)
    .acquire('B', 10)
    .enter('B', 12)
    .leaseEnd('B', 15, 'lost')
    .acquire('C', 20)
    .enter('C', 22)
    .step('B', 23);
  const words = why(permits, told, { faults: [failover] });
  expect(words).toContain(
    "B1's lease was lost at 15 ms: r1 was replaced at 15 ms by its replica 1",
  );
  expect(words).toContain('because the lease of B in B1 was gone');
  expect(words).toContain('What helps: several independent servers');
  expect(words).not.toMatch(/all the same|look at all who hold/);
});

describe('R3 the lease of the first stands', () => {
  test('and the second has a place of its own in the queue', () => {
    // C stood between them, and gave up: B took that for its own turn.
    const told = story('A', 'B', 'C')
      .servers('z1')
      .acquire('A', 0)
      .enter('A', 2)
      .acquire('C', 3, { endMs: 7, ends: 'fail' })
      .acquire('B', 5, { endMs: 8 })
      .leaseEnd('C', 6.5, 'released', { by: 'C' })
      .enter('B', 8)
      .step('A', 9);
    for (const one of told.history().records) {
      if (one.type === 'lease' && one.host !== 'A')
        Object.assign(one, { key: `/lock/${one.host}` });
    }
    const words = why(mutualExclusion, told);
    const rows = storyRows(traceOf(told), judge(mutualExclusion, told));
    expect(rows.map(({ operation }) => operation)).toContain('C1');
    expect(words).toContain('read the whole queue again, and enter only as its first');
    expect(words).not.toContain('No code of either client could know');
  });

  test('and a pooler has put both on one session', () => {
    const told = story('A', 'B')
      .servers('p1')
      .acquire('A', 0, { term: 'session' })
      .enter('A', 2)
      .acquire('B', 5, { term: 'session' })
      .enter('B', 8)
      .step('A', 9);
    const words = why(mutualExclusion, told);
    expect(words).toContain('a pooler had put both on the same one');
    expect(words).not.toContain('No code of either client could know');
  });
});

describe('ownership of what its owner had given back', () => {
  const deleted = (told: Story) =>
    told.acquire('B', 30, { on: [] }).leaseEnd('A', 31, 'deleted', { by: 'B' });

  test('a release that was under way', () => {
    const told = story('A', 'B').acquire('A', 0).release('A', 29, { appliedMs: 40, on: [] });
    expect(why(ownership, deleted(told))).toContain(
      'A had given it back: its release had left at 29 ms and had not arrived.',
    );
  });

  test('a server that has it again after a crash', () => {
    const told = struck(story('A', 'B'), crash, 15).acquire('A', 0).release('A', 10, { on: [] });
    told.add(request(10, 10.5, { effect: 'ended' }));
    const words = why(ownership, deleted(told), { faults: [crash] });
    expect(words).toContain('but r1 had it again after its crash at 15 ms');
    expect(words).not.toContain('nobody had given it back');
  });
});

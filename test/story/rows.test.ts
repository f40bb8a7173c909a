/** What a story shows and what it leaves out (docs/semantics.md, Names: story row). */
import { describe, expect, test } from 'vitest';
import { leak } from '../../src/checkers/leak.js';
import { mutualExclusion } from '../../src/checkers/mutual-exclusion.js';
import { indexHistory } from '../../src/checkers/sections.js';
import type { Fault } from '../../src/fault.js';
import type { StoryRow } from '../../src/report.js';
import { storyRows } from '../../src/story/rows.js';
import { holderReplaced } from '../checkers/canonical-stories.js';
import { type Story, story } from '../checkers/history-builder.js';
import { type Beneath, traceOf } from './telling.js';

function rowsOf(told: Story, beneath: Beneath = {}, checker = mutualExclusion): StoryRow[] {
  const trace = traceOf(told, beneath);
  return storyRows(trace, checker.check(indexHistory(trace.history)));
}

const inShort = (rows: readonly StoryRow[]) => rows.map(({ host, text }) => `${host}: ${text}`);

describe('a lease that its own request wrote twice', () => {
  const written = (key: string, extended: boolean) => {
    const { records } = story('A').acquire('A', 0, { term: 'none' }).history();
    const first = records.find((record) => record.type === 'lease')!;
    const again = { ...first, lease: 99, key, termUs: 10_000_000, extends: extended };
    const told = story('A', 'B')
      .acquire('A', 0, { term: 'none', endMs: null })
      .add(again)
      .add({ type: 'acked', atUs: 1_000, lease: 99 });
    return inShort(rowsOf(told.acquire('B', 10_000, { key }), {}, leak));
  };

  test('is not back: its TTL was set', () => {
    const rows = written('lock', true);
    expect(rows).toContain('A: sets the TTL: 10 s');
    expect(rows.join()).not.toContain('is back');
  });

  test('is one row, if it is two keys', () => {
    const rows = written('lock:host', false);
    expect(rows.filter((text) => /again|is back/.test(text))).toEqual([]);
  });
});

describe('what is left out', () => {
  test('what happens after the break', () => {
    const rows = rowsOf(holderReplaced('C').step('A', 10_003).exit('A', 10_004).exit('B', 10_005));
    expect(rows.at(-1)).toMatchObject({ mark: 'violation' });
    expect(rows.some(({ kind }) => kind === 'exit')).toBe(false);
  });

  test('operations that are not concerned', () => {
    const told = holderReplaced('C')
      .acquire('C', 10_002, { on: [], ends: 'fail' })
      .step('A', 10_003);
    expect(rowsOf(told).some(({ host }) => host === 'C')).toBe(false);
  });

  test('checks that passed and acknowledgements', () => {
    const validity = { type: 'validity', atUs: 3_000, calledAtUs: 3_000 } as const;
    const told = holderReplaced('C')
      .add({ ...validity, grant: 1, validForMs: 9_000 })
      .exit('A', 10_003);
    expect(rowsOf(told).map(({ kind }) => kind)).toEqual([
      'lease',
      'ok',
      'enter',
      'lease-end',
      'lease',
      'ok',
      'enter',
    ]);
  });

  test('renewals but the last one', () => {
    const told = story('A', 'B')
      .acquire('A', 0)
      .enter('A', 2)
      .renew('A', 3_000)
      .renew('A', 6_000)
      .leaseEnd('A', 16_000.5, 'expired')
      .acquire('B', 16_001)
      .enter('B', 16_002)
      .exit('A', 17_000);
    const renewals = inShort(rowsOf(told)).filter((text) => text.includes('renews'));
    expect(renewals).toEqual(['A: renews for the 2nd time']);
  });

  test('a try whose leases its own client took back', () => {
    const told = story('A', 'B')
      .servers('r1', 'r2', 'r3')
      .acquire('A', 0)
      .enter('A', 2)
      .leaseEnd('A', 5, 'lost', { server: 'r1' })
      .acquire('B', 6, { on: ['r1'], endMs: 12 })
      .leaseEnd('B', 8, 'released', { server: 'r1', by: 'B' })
      .enter('B', 13)
      .exit('A', 14);
    const rows = inShort(rowsOf(told)).filter((text) => text.includes('B'));
    expect(rows).toEqual(['B: acquire', 'B: granted, without a quorum', 'B: enters its section']);
  });
});

describe('what is one row', () => {
  test('the messages of one attempt to n servers, and their common end', () => {
    const told = story('A', 'B')
      .servers('r1', 'r2', 'r3')
      .acquire('A', 0)
      .enter('A', 2)
      .leaseEnd('A', 10_000.4, 'expired', { server: 'r1' })
      .leaseEnd('A', 10_000.5, 'expired', { server: 'r2' })
      .leaseEnd('A', 10_000.6, 'expired', { server: 'r3' })
      .acquire('B', 10_001)
      .enter('B', 10_002)
      .exit('A', 10_003);
    const rows = rowsOf(told);
    const servers = ['r1', 'r2', 'r3'];
    expect(rows.filter(({ kind }) => kind === 'lease')).toMatchObject([{ servers }, { servers }]);
    expect(rows.filter(({ kind }) => kind === 'lease-end')).toMatchObject([
      { atUs: 10_000_400, servers },
    ]);
  });

  test('a call and the request that leaves with it', () => {
    expect(inShort(rowsOf(holderReplaced('C').exit('A', 10_003)))[0]).toBe('A: acquire, TTL 10 s');
  });

  test('but not a request that is applied long after it left', () => {
    const told = story('A', 'B')
      .acquire('A', 0, { appliedMs: 4_000 })
      .enter('A', 4_002)
      .leaseEnd('A', 4_500, 'lost')
      .acquire('B', 4_501)
      .enter('B', 4_503)
      .exit('A', 4_600);
    expect(inShort(rowsOf(told)).slice(0, 2)).toEqual([
      'A: acquire',
      'A: its request of 0 ms is applied, TTL 10 s',
    ]);
  });

  test('nor one that another lease overtakes at its server', () => {
    const told = story('A', 'B')
      .acquire('A', 0)
      .enter('A', 1)
      .acquire('B', 2, { appliedMs: 4 })
      .leaseEnd('A', 3, 'lost')
      .enter('B', 5)
      .exit('A', 6);
    expect(inShort(rowsOf(told)).slice(3, 6)).toEqual([
      'B: acquire',
      "r1: A's lease is lost",
      'B: gets its lease, TTL 10 s',
    ]);
  });
});

describe('an acquire that is granted late', () => {
  const late = () =>
    story('A', 'B')
      .acquire('A', 0)
      .enter('A', 2)
      .acquire('B', 5, { sentMs: 10_100 })
      .leaseEnd('A', 10_000.5, 'expired')
      .enter('B', 10_102)
      .exit('A', 10_103);
  const asked = { from: 'B', to: 'r1', dueUs: 0, fate: 'delivered', text: 'SET lock' } as const;

  test('had to wait if it asked before', () => {
    const rows = inShort(rowsOf(late(), { messages: [{ ...asked, sentAtUs: 5_000 }] }));
    expect(rows).toContain('B: acquire: has to wait');
    expect(rows).toContain('B: tries again, TTL 10 s');
  });

  test('asked late if it did not', () => {
    const rows = inShort(rowsOf(late(), { messages: [{ ...asked, sentAtUs: 10_100_000 }] }));
    expect(rows).toContain('B: acquire');
    expect(rows).toContain('B: asks for it, TTL 10 s');
  });
});

describe('faults', () => {
  const edges = (fault: Fault, atMs: number, touched: boolean) =>
    (touched ? (['start', 'touched'] as const) : (['start'] as const)).map(
      (edge) =>
        ({ type: 'fault', atUs: atMs * 1000, fault: fault.id, class: fault.class, edge }) as const,
    );
  const partition: Fault = {
    id: 'f1',
    class: 'partition',
    at: { atUs: 1_000 },
    client: 'A',
    server: 'r1',
    direction: 'both',
    durationUs: 5_000_000,
  };
  const withEdges = (touched: boolean) => {
    const told = holderReplaced('C');
    for (const record of edges(partition, 1, touched)) told.add(record);
    return rowsOf(told.exit('A', 10_003), { faults: [partition] });
  };

  test('that met something have a row, with their end', () => {
    expect(withEdges(true)).toContainEqual({
      atUs: 1_000,
      host: 'A',
      kind: 'fault',
      text: 'cut off from r1',
      untilUs: 5_001_000,
      servers: ['r1'],
    });
  });

  test('that met nothing have none', () => {
    expect(withEdges(false).filter(({ kind }) => kind === 'fault')).toEqual([]);
  });

  test('R4 a pause says how long, and inside which call', () => {
    const told = holderReplaced('C').pause('A', 3, 10_003).step('A', 10_003, { calledMs: 3 });
    expect(rowsOf(told)).toContainEqual({
      atUs: 3_000,
      host: 'A',
      kind: 'pause',
      text: 'paused 10.000 s inside its step',
      untilUs: 10_003_000,
    });
  });

  test('R8 a death and a restart have rows', () => {
    const told = story('A').ttl(100).acquire('A', 0).crash('A', 10, 20);
    told.leaseEnd('A', 100.5, 'expired', { grant: 'A1' });
    expect(inShort(rowsOf(told, {}, leak)).slice(2)).toEqual([
      'A: dies',
      'A: restarts as A/2',
      "r1: A's lease expires",
    ]);
  });
});

test('a verdict that is not invalid is told whole, but for the probe', () => {
  const told = story('A', 'B')
    .acquire('A', 0)
    .enter('A', 2)
    .exit('A', 5)
    .release('A', 6)
    .acquire('P', 10)
    .release('P', 20);
  const rows = rowsOf(told);
  expect(rows.map(({ mark }) => mark)).toEqual(rows.map(() => undefined));
  expect(inShort(rows)).toEqual([
    'A: acquire, TTL 10 s',
    'A: granted until 10.000 s',
    'A: enters its section',
    'A: leaves, its work done',
    'r1: A releases its lease',
  ]);
});

test('a history that makes no sense has no story', () => {
  const told = story('A').add({ type: 'acked', atUs: 0, lease: 7 });
  const trace = traceOf(told);
  const verdict = { property: 'mutual-exclusion', verdict: 'unknown', witness: [0] } as const;
  expect(storyRows(trace, verdict)).toEqual([]);
});

test('rows say where in the code they were caused', () => {
  const rows = rowsOf(holderReplaced('C').exit('A', 10_003), { places: { 4: 'my-lock.ts:14' } });
  expect(rows.filter(({ place }) => place !== undefined)).toMatchObject([
    { kind: 'enter', place: 'my-lock.ts:14' },
  ]);
});

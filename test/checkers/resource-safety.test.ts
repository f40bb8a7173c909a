/** Resource safety: no access of an earlier holder after one of a later holder (R12). */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { resourceSafety } from '../../src/checkers/resource-safety.js';
import type { Verdict } from '../../src/verdict.js';
import { access, fenced, read, refused, two, write } from './access-records.js';
import { type Story, story } from './history-builder.js';
import { inShort, judge, RUNS } from './judging.js';
import { nestedAcquire, withAll } from './nested-records.js';

const accepted: readonly (readonly [name: string, () => Story])[] = [
  [
    'one section after the other',
    () =>
      two()
        .add(read(1, 'A', 3))
        .add(write(1, 'A', 5))
        .add(read(2, 'B', 10_004))
        .add(write(2, 'B', 10_006)),
  ],
  [
    'the late write of the earlier holder is refused',
    () =>
      two()
        .add(read(1, 'A', 3))
        .add(write(2, 'B', 10_004))
        .add(write(1, 'A', 10_005, refused)),
  ],
  [
    'the later holder was refused, so the earlier one is not late',
    () =>
      two()
        .add(write(2, 'B', 10_004, refused))
        .add(write(1, 'A', 10_005)),
  ],
  [
    'sections overlap, and the resource never sees it',
    () =>
      two()
        .enter('A', 2)
        .enter('B', 10_003)
        .step('A', 10_004)
        .add(write(1, 'A', 10_002))
        .exit('A', 11_000),
  ],
  [
    'the accesses of one holder in any order',
    () =>
      two()
        .add(write(1, 'A', 3))
        .add(read(1, 'A', 4))
        .add(write(1, 'A', 4)),
  ],
  [
    'the earlier holder arrives first at the same instant',
    () =>
      two()
        .add(write(1, 'A', 10_004))
        .add(write(2, 'B', 10_004)),
  ],
  [
    'a stale write to another resource',
    () =>
      two()
        .add(write(2, 'B', 10_004))
        .add(write(1, 'A', 10_005, { resource: 'log' })),
  ],
  [
    'a stale write of another key',
    () =>
      two()
        .add(write(2, 'B', 10_004))
        .add(write(1, 'A', 10_005, { key: 'seat 2' })),
  ],
  [
    'the acquire that returned first was granted second',
    () =>
      story('A', 'B')
        .acquire('A', 0, { appliedMs: 50, ackedMs: 51 })
        .acquire('B', 1, { appliedMs: 2, ackedMs: 200 })
        .add(write(2, 'B', 201))
        .add(write(1, 'A', 202)),
  ],
  [
    'a renewal does not make the earlier grant the later one, nor the later one the earlier',
    () =>
      two()
        .renew('A', 5)
        .add(write(1, 'A', 9_000))
        .renew('B', 11_000)
        .add(write(2, 'B', 11_005)),
  ],
  [
    'fencing tokens count against the order of leases',
    () =>
      fenced(7, 3)
        .add(write(2, 'B', 103))
        .add(write(1, 'A', 104)),
  ],
];

const rejected: readonly (readonly [name: string, inShort: string, () => Story])[] = [
  [
    'the earlier holder writes late',
    'invalid: late-write',
    () =>
      two()
        .add(write(2, 'B', 10_004))
        .add(write(1, 'A', 10_005)),
  ],
  [
    'the earlier holder writes late, after somebody was at another resource',
    'invalid: late-write',
    () =>
      two()
        .add(write(2, 'B', 10_004))
        .add(write(2, 'B', 10_005, { resource: 'log' }))
        .add(write(1, 'A', 10_006)),
  ],
  [
    'the earlier holder reads late',
    'invalid: late-read',
    () =>
      two()
        .add(write(2, 'B', 10_004))
        .add(read(1, 'A', 10_005)),
  ],
  [
    'the later holder has only read',
    'invalid: late-write',
    () =>
      two()
        .add(read(2, 'B', 10_004))
        .add(write(1, 'A', 10_005)),
  ],
  [
    'the earlier holder arrives second at the same instant',
    'invalid: late-write',
    () =>
      two()
        .add(write(2, 'B', 10_004))
        .add(write(1, 'A', 10_004)),
  ],
  [
    'a write in flight arrives after its sender has died',
    'invalid: late-write',
    () =>
      two()
        .crash('A', 9_999)
        .add(write(2, 'B', 10_004))
        .add(write(1, 'A', 10_005)),
  ],
  [
    'the reply of the later grant was the first to arrive',
    'invalid: late-write',
    () =>
      story('A', 'B')
        .acquire('A', 0, { appliedMs: 50, ackedMs: 51 })
        .acquire('B', 1, { appliedMs: 2, ackedMs: 200 })
        .add(write(1, 'A', 60))
        .add(write(2, 'B', 201)),
  ],
  [
    'a renewal does not make the stale holder the later one',
    'invalid: late-write',
    () =>
      two()
        .renew('A', 10_002)
        .add(write(2, 'B', 10_004))
        .add(write(1, 'A', 10_005)),
  ],
  [
    'a fenced resource lets a lower token in',
    'invalid: late-write',
    () =>
      fenced(7, 8)
        .add(write(2, 'B', 103))
        .add(write(1, 'A', 104)),
  ],
  [
    'after a failover that forgot the counter, the later lease has the lower token',
    'invalid: late-write',
    () =>
      fenced(7, 3)
        .add(write(1, 'A', 103))
        .add(write(2, 'B', 104)),
  ],
  [
    'two grants with one token are told apart by their leases',
    'invalid: late-write',
    () =>
      fenced(7, 7)
        .add(write(2, 'B', 103))
        .add(write(1, 'A', 104)),
  ],
  [
    'tokens that not every holder has order nobody',
    'invalid: late-write',
    () =>
      story('A', 'B')
        .acquire('A', 0, { fencingToken: 9 })
        .leaseEnd('A', 100, 'lost')
        .acquire('B', 101)
        .add(write(2, 'B', 103))
        .add(write(1, 'A', 104)),
  ],
];

describe('R19 what is done under a nested grant', () => {
  const nested = () => withAll(two(), nestedAcquire(3));

  test('R12 R19 is done by the holder around it, in whatever order', () => {
    const told = nested()
      .add(write(1, 'A', 5))
      .add(write(101, 'A', 6))
      .add(write(1, 'A', 7))
      .add(write(2, 'B', 10_004));
    expect(inShort(judge(resourceSafety, told))).toBe('valid');
  });

  test('R12 R19 is late when the holder around it is', () => {
    const told = nested()
      .add(write(2, 'B', 10_004))
      .add(write(101, 'A', 10_005));
    const { cause, offender } = judge(resourceSafety, told);
    expect([cause, offender?.operation]).toEqual(['late-write', 'A1']);
  });
});

/** A reads, then B reads, then C writes; each was granted before the next. */
const readers = () =>
  story('A', 'B', 'C')
    .acquire('A', 0, { mode: 'shared' })
    .acquire('B', 2, { mode: 'shared' })
    .acquire('C', 4);

describe('readers and writers at the resource', () => {
  test.each([
    ['R17 readers in any order', 'valid', [read(2, 'B', 6), read(1, 'A', 7), read(2, 'B', 8)]],
    [
      'R17 readers before the writer',
      'valid',
      [read(2, 'B', 6), read(1, 'A', 7), write(3, 'C', 8)],
    ],
    ['R17 a reader after the writer', 'invalid: late-read', [write(3, 'C', 6), read(2, 'B', 7)]],
    [
      'R17 a reader after the writer, and another reader between them',
      'invalid: late-read',
      [write(3, 'C', 6), read(2, 'B', 7, refused), read(1, 'A', 8)],
    ],
  ] as const)('%s', (_name, short, accesses) => {
    const told = readers();
    for (const one of accesses) told.add(one);
    expect(inShort(judge(resourceSafety, told))).toBe(short);
  });

  const writerFirst = () =>
    story('A', 'B', 'C')
      .acquire('A', 0)
      .acquire('B', 2, { mode: 'shared' })
      .acquire('C', 4, { mode: 'shared' });

  test('R17 the witness is the last access of the latest that excludes the late one', () => {
    const told = writerFirst()
      .add(read(3, 'C', 6))
      .add(read(2, 'B', 7))
      .add(write(1, 'A', 8));
    const { cause, witness, victim } = judge(resourceSafety, told);
    const { records } = told.history();
    expect(cause).toBe('late-write');
    expect(witness.map((at) => records[at]!.atUs)).toEqual([6_000, 8_000]);
    expect(victim?.host).toBe('C');
  });

  test('R17 an exclusive holder later than all readers is the one that counts', () => {
    const told = story('A', 'B', 'C')
      .acquire('A', 0)
      .acquire('B', 2, { mode: 'shared' })
      .acquire('C', 4)
      .add(read(2, 'B', 6))
      .add(write(3, 'C', 7))
      .add(write(1, 'A', 8));
    expect(judge(resourceSafety, told).victim?.host).toBe('C');
  });

  test('R18 holders of several permits have no order; of one they have', () => {
    const late = (permits: number) => {
      const told = two()
        .declares({ permits })
        .add(write(2, 'B', 10_004));
      return judge(resourceSafety, told.add(write(1, 'A', 10_005))).verdict;
    };
    expect([1, 2].map(late)).toEqual(['invalid', 'not-applicable']);
  });
});

describe('resource-safety accepts', () => {
  test.each(accepted)('R12 %s', (_, told) => {
    expect(inShort(judge(resourceSafety, told()))).toBe('valid');
  });
});

describe('resource-safety rejects', () => {
  test.each(rejected)('R12 %s', (_, short, told) => {
    expect(inShort(judge(resourceSafety, told()))).toBe(short);
  });
});

/** Who touches the resource, in which mode, when each was granted, and with which token. */
interface Rush {
  readonly shared: readonly boolean[];
  readonly appliedMs: readonly number[];
  readonly fencingTokens: readonly (number | undefined)[];
  readonly touches: readonly {
    readonly by: number;
    readonly write: boolean;
    readonly accepted: boolean;
  }[];
}
const four = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 4, maxLength: 4 });
const rushes: fc.Arbitrary<Rush> = fc.record({
  shared: fc.oneof(fc.constant([false, false, false, false]), four(fc.boolean())),
  appliedMs: four(fc.integer({ min: 1, max: 3 })),
  fencingTokens: four(fc.option(fc.nat(3), { freq: 6, nil: undefined })),
  touches: fc.array(fc.record({ by: fc.nat(3), write: fc.boolean(), accepted: fc.boolean() }), {
    maxLength: 6,
  }),
});
const CLIENTS = ['A', 'B', 'C', 'D'];

function tell({ shared, appliedMs, fencingTokens, touches }: Rush): Story {
  const told = story(...CLIENTS);
  CLIENTS.forEach((client, i) => {
    const fencingToken = fencingTokens[i];
    const mode = shared[i] ? 'shared' : 'exclusive';
    const times = { appliedMs: appliedMs[i]!, ackedMs: 5, mode } as const;
    told.acquire(client, 0, { ...times, ...(fencingToken !== undefined && { fencingToken }) });
  });
  touches.forEach(({ by, write: writes, accepted }, i) => {
    told.add(access(by + 1, CLIENTS[by]!, 10 + i, writes ? 'write' : 'read', { accepted }));
  });
  return told;
}

/** Compares all pairs of accesses. */
function outcome({ shared, appliedMs, fencingTokens, touches }: Rush): Verdict {
  const byToken = touches.every(({ by }) => fencingTokens[by] !== undefined);
  const place = (by: number) => (byToken ? fencingTokens[by]! * 100 : 0) + appliedMs[by]! * 10 + by;
  const taken = touches.filter(({ accepted }) => accepted);
  const exclude = (x: number, y: number) => !(shared[x] && shared[y]);
  const unsafe = taken.some((x, i) =>
    taken.slice(0, i).some((y) => exclude(x.by, y.by) && place(x.by) < place(y.by)),
  );
  if (touches.length === 0) return 'not-applicable';
  return unsafe ? 'invalid' : 'valid';
}

property.prop([rushes], RUNS)(
  'R12 resource-safety agrees with a comparison of all pairs of accesses',
  (rush) => {
    expect(judge(resourceSafety, tell(rush)).verdict).toBe(outcome(rush));
  },
);

test('R12 every verdict occurs among those accesses', () => {
  const seen = new Set(fc.sample(rushes, RUNS).map(outcome));
  expect([...seen].sort()).toEqual(['invalid', 'not-applicable', 'valid']);
});

/** Reentrancy against a reading of R19 that scans the whole history for every question. */
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { reentrancy } from '../../src/checkers/reentrancy.js';
import type { History, HistoryRecord, LeaseRecord } from '../../src/history.js';
import { type Story, story } from './history-builder.js';
import { judge, RUNS } from './judging.js';
import { nestedAcquire, nestedRelease, withAll } from './nested-records.js';

/** One holder at three servers, by the instants of its life in ms. */
interface Life {
  readonly servers: 1 | 3;
  readonly ttlMs: number;
  readonly ends: readonly {
    readonly server: number;
    readonly atMs: number;
    readonly how: 'own' | 'other' | 'expired' | 'overwritten';
  }[];
  readonly renewsMs: number | undefined;
  readonly nestedMs: readonly [number, number | null, 'ok' | 'fail' | 'info'];
  readonly givesBack: boolean;
  readonly releasesMs: number | undefined;
  readonly toldMs: number | undefined;
  readonly pausesMs: readonly [number, number] | undefined;
  readonly faults: readonly (readonly [number, number | null])[];
}
const END_MS = 60;
const ms = (min: number, max: number) => fc.integer({ min, max });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });

const lives: fc.Arbitrary<Life> = fc.record({
  servers: fc.constantFrom(1, 3),
  ttlMs: fc.constantFrom(12, 30, 100),
  ends: fc.array(
    fc.record({
      server: fc.nat(2),
      atMs: ms(3, 40),
      how: fc.constantFrom('own', 'own', 'other', 'expired', 'overwritten'),
    }),
    { maxLength: 4 },
  ),
  renewsMs: maybe(ms(4, 30)),
  nestedMs: fc.tuple(
    ms(5, 20),
    fc.option(ms(1, 25), { nil: null, freq: 4 }),
    fc.constantFrom('ok', 'ok', 'fail', 'info'),
  ),
  givesBack: fc.boolean(),
  releasesMs: maybe(ms(20, 45)),
  toldMs: fc.option(ms(6, 45), { nil: undefined, freq: 4 }),
  pausesMs: fc.option(fc.tuple(ms(3, 30), ms(1, 10)), { nil: undefined, freq: 4 }),
  faults: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    {
      weight: 2,
      arbitrary: fc.array(fc.tuple(ms(1, 30), fc.option(ms(1, 10), { nil: null })), {
        maxLength: 2,
      }),
    },
  ),
});

function tell(life: Life): Story {
  const servers = ['r1', 'r2', 'r3'].slice(0, life.servers);
  const told = story('A', 'B')
    .declares({ reentrant: true })
    .ttl(life.ttlMs)
    .servers(...servers);
  told.acquire('B', 0, { on: [], ends: 'fail' }).acquire('A', 0).enter('A', 2);
  const [fromMs, lasts, ends] = life.nestedMs;
  const endMs = lasts === null ? null : fromMs + lasts;
  withAll(told, nestedAcquire(fromMs, { outer: 2, endMs, ends }));
  if (life.givesBack && endMs !== null && ends === 'ok') withAll(told, nestedRelease(endMs + 1));
  if (life.renewsMs !== undefined) told.renew('A', life.renewsMs, { on: servers });
  const gone = new Set<string>();
  for (const { server, atMs, how } of [...life.ends].sort((a, b) => a.atMs - b.atMs)) {
    const at = servers[server % servers.length]!;
    if (gone.has(at) || (life.renewsMs !== undefined && atMs <= life.renewsMs)) continue;
    gone.add(at);
    if (how === 'expired') told.leaseEnd('A', atMs, 'expired', { server: at });
    else if (how === 'other') told.leaseEnd('A', atMs, 'deleted', { server: at, by: 'B' });
    else {
      const cause = how === 'own' ? 'released' : 'overwritten';
      told.leaseEnd('A', atMs, cause, { server: at, by: 'A' });
    }
  }
  if (life.releasesMs !== undefined) told.release('A', life.releasesMs, { on: [] });
  if (life.toldMs !== undefined) told.told('A', life.toldMs);
  if (life.pausesMs !== undefined) {
    const [pauseMs, forMs] = life.pausesMs;
    told.pause('A', pauseMs, pauseMs + forMs);
  }
  life.faults.forEach(([startMs, forMs], at) => {
    const edge = { type: 'fault', fault: `f${at}`, class: 'delay' } as const;
    told.add({ ...edge, atUs: startMs * 1_000, edge: 'start' });
    if (forMs !== null) told.add({ ...edge, atUs: (startMs + forMs) * 1_000, edge: 'end' });
  });
  return told.end(END_MS);
}

/** So many records have happened, and it is this late. */
interface Moment {
  readonly t: number;
  readonly count: number;
}

class Oracle {
  private readonly records: readonly HistoryRecord[];
  private readonly quorum: number;

  constructor(private readonly history: History) {
    this.records = history.records;
    this.quorum = Math.floor(history.world.servers.length / 2) + 1;
  }

  /** The first thing that is wrong, by the count of records before it. */
  answer(): string {
    const found: { count: number; cause: string }[] = [];
    this.records.forEach((record, at) => {
      if (record.type === 'invoke' && record.action === 'acquire' && record.grant !== undefined) {
        const cause = this.denied(record.call, record.atUs);
        if (cause !== undefined) found.push(cause);
      }
      if (record.type === 'lease-end' && this.dropped(at))
        found.push({ count: at, cause: 'dropped' });
    });
    found.sort((a, b) => a.count - b.count);
    return found[0]?.cause ?? 'valid';
  }

  private denied(call: number, fromUs: number): { count: number; cause: string } | undefined {
    const endAt = this.records.findIndex(
      (record) => record.type !== 'invoke' && 'call' in record && record.call === call,
    );
    const end = this.records[endAt];
    const dueUs =
      fromUs + 6 * this.history.world.longestLatencyUs * this.history.world.servers.length;
    if ((end?.atUs ?? this.history.endUs) > dueUs) {
      const count = this.records.filter(({ atUs }) => atUs <= dueUs).length;
      const moment = { t: dueUs, count };
      if (!this.held(moment) || this.disturbed(fromUs, dueUs)) return undefined;
      return { count, cause: 'waited' };
    }
    if (end?.type !== 'fail' || this.disturbed(fromUs, end.atUs)) return undefined;
    return this.held({ t: end.atUs, count: endAt })
      ? { count: endAt, cause: 'refused' }
      : undefined;
  }

  private disturbed(fromUs: number, untilUs: number): boolean {
    return this.records.some((record, at) => {
      const isPause = record.type === 'host' && record.state === 'paused' && record.host === 'A';
      const isFault = record.type === 'fault' && record.edge === 'start';
      if (!isPause && !isFault) return false;
      const over = this.records
        .slice(at)
        .find((later) =>
          isPause
            ? later.type === 'host' && later.state === 'resumed'
            : later.type === 'fault' &&
              later.edge === 'end' &&
              later.fault === (record as { fault: string }).fault,
        );
      return record.atUs <= untilUs && (over === undefined || over.atUs >= fromUs);
    });
  }

  private dropped(at: number): boolean {
    const end = this.records[at]!;
    if (end.type !== 'lease-end' || end.by?.host !== 'A') return false;
    if (end.cause !== 'released' && end.cause !== 'deleted') return false;
    const nested = this.records.findIndex(
      (record) =>
        record.type === 'invoke' && record.action === 'acquire' && record.grant !== undefined,
    );
    if (nested > at) return false;
    return this.held({ t: end.atUs, count: at }) && this.standing(at + 1) < this.quorum;
  }

  private held(moment: Moment): boolean {
    if (this.standing(moment.count) < this.quorum) return false;
    const before = this.records.slice(0, moment.count);
    if (before.some((record) => record.type === 'told')) return false;
    if (before.some((record) => record.type === 'release-sent' && record.grant === 2)) return false;
    const ends = this.history.world.servers.map((server) => {
      const acked = this.leases(server, moment.count).filter(({ lease }) =>
        before.some((record) => record.type === 'acked' && record.lease === lease),
      );
      const newest = acked.at(-1);
      return newest === undefined ? -Infinity : newest.sentAtUs + (newest.termUs as number);
    });
    ends.sort((a, b) => b - a);
    return moment.t < ends[this.quorum - 1]!;
  }

  private standing(count: number): number {
    return this.history.world.servers.filter((server) => {
      const newest = this.leases(server, count).at(-1);
      const gone = this.records
        .slice(0, count)
        .some((record) => record.type === 'lease-end' && record.lease === newest?.lease);
      return newest !== undefined && !gone;
    }).length;
  }

  private leases(server: string, count: number): LeaseRecord[] {
    return this.records
      .slice(0, count)
      .filter((record) => record.type === 'lease')
      .filter((record) => record.server === server && record.host === 'A');
  }
}

property.prop([lives], { ...RUNS, numRuns: 2_000 })(
  'R19 the verdict and its cause are those of a scan of the whole history',
  (life) => {
    const { verdict, cause } = judge(reentrancy, tell(life));
    expect(cause ?? verdict).toBe(new Oracle(tell(life).history()).answer());
  },
);

test('R19 every cause occurs among those lives', () => {
  const seen = new Map<string, number>();
  for (const life of fc.sample(lives, { ...RUNS, numRuns: 2_000 })) {
    const outcome = new Oracle(tell(life).history()).answer();
    seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
  }
  for (const outcome of ['valid', 'refused', 'waited', 'dropped']) {
    expect([outcome, Math.min(seen.get(outcome) ?? 0, 50)]).toEqual([outcome, 50]);
  }
});

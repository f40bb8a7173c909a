/** Fairness against a comparison of every grant with every place (R20). */
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { fairness } from '../../src/checkers/fairness.js';
import type { History, HistoryRecord, InvokeRecord } from '../../src/history.js';
import { type Story, story } from './history-builder.js';
import { judge, RUNS } from './judging.js';
import { queued } from './nested-records.js';

/** One client's way through a queue, in ms; all at different instants. */
interface Way {
  readonly callsMs: number;
  readonly queuedMs: number | undefined;
  readonly leavesMs: number | undefined;
  readonly how: 'granted' | 'left' | 'expired' | 'removed';
  readonly endsMs: number | undefined;
  readonly ends: 'ok' | 'fail' | 'info';
  readonly leasedMs: number | undefined;
  readonly waitMs: number | null;
  readonly diesMs: number | undefined;
  readonly isShared: boolean;
}
interface Crowd {
  readonly ways: readonly Way[];
  readonly permits: number | undefined;
  readonly ratePpm: number;
}
const CLIENTS = ['A', 'B', 'C', 'D'];
const SPAN_MS = 30;
const ms = (min: number, max: number) => fc.integer({ min, max });
const seldom = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 1 });

const ways: fc.Arbitrary<Way> = fc.record({
  callsMs: ms(0, 8),
  queuedMs: fc.option(ms(1, 10), { nil: undefined, freq: 5 }),
  leavesMs: fc.option(ms(2, 25), { nil: undefined, freq: 1 }),
  how: fc.constantFrom('granted', 'granted', 'left', 'expired', 'removed'),
  endsMs: fc.option(ms(4, 25), { nil: undefined, freq: 4 }),
  ends: fc.constantFrom('ok', 'ok', 'ok', 'fail', 'info'),
  leasedMs: fc.option(ms(1, 20), { nil: undefined, freq: 4 }),
  waitMs: fc.option(ms(4, 20), { nil: null, freq: 1 }),
  diesMs: seldom(ms(5, 26)).map((at) => (at !== undefined && at < 15 ? at : undefined)),
  isShared: fc.boolean(),
});
const crowds: fc.Arbitrary<Crowd> = fc.record({
  ways: fc.array(ways, { minLength: 2, maxLength: 4, size: 'max' }),
  permits: fc.constantFrom(undefined, undefined, 2, 3),
  ratePpm: fc.constantFrom(0, 0, -500_000),
});

function tell({ ways: all, permits, ratePpm }: Crowd): Story {
  const clients = CLIENTS.slice(0, all.length);
  const declares = {
    fairness: 'enqueue-order',
    ...(permits !== undefined && { permits }),
  } as const;
  const told = story(...clients).declares(declares);
  all.forEach((way, at) => {
    const client = clients[at]!;
    // A fraction for each client and kind of event: no two fall on one instant.
    const own = (kind: number, value: number) => value + at * 0.1 + kind * 0.01;
    const callsMs = own(0, way.callsMs);
    const diesMs = way.diesMs === undefined ? Infinity : Math.max(own(5, way.diesMs), callsMs + 1);
    const atLeast = (value: number) => Math.max(value, callsMs + 0.5 + 0.001 * value);
    const wantedMs = way.endsMs === undefined ? null : own(1, atLeast(way.endsMs));
    const endMs = wantedMs === null || wantedMs > diesMs ? null : wantedMs;
    const leased = way.leasedMs !== undefined && endMs !== null;
    const appliedMs = leased
      ? Math.min(own(4, atLeast(way.leasedMs!)), endMs - 0.004)
      : callsMs + 0.3;
    const mode = way.isShared ? 'shared' : 'exclusive';
    told.acquire(client, callsMs, {
      on: leased ? ['r1'] : [],
      appliedMs,
      ackedMs: leased ? endMs - 0.002 : null,
      endMs,
      ends: way.ends,
      waitMs: way.waitMs,
      mode,
    });
    if (way.queuedMs !== undefined) {
      const queuedMs = own(2, atLeast(way.queuedMs));
      told.add(queued(`${client}1`, queuedMs, 'enqueued', { mode }));
      if (way.leavesMs !== undefined) {
        told.add(queued(`${client}1`, Math.max(own(3, way.leavesMs), queuedMs + 0.2), way.how));
      }
    }
    if (diesMs !== Infinity) told.crash(client, diesMs);
    if (at === 0 && ratePpm !== 0) told.clock(client, 'mono', 0, 0, ratePpm);
  });
  return told.end(2 * SPAN_MS);
}

/** Of a client's operation: what the history says of it, looked for record by record. */
class Seen {
  readonly invoke: InvokeRecord;

  constructor(
    private readonly records: readonly HistoryRecord[],
    readonly client: string,
    private readonly ratePpm: number,
  ) {
    this.invoke = this.find('invoke') as InvokeRecord;
  }

  find(...types: string[]): (HistoryRecord & { index: number }) | undefined {
    const index = this.records.findIndex((record) => {
      const whose = 'client' in record ? record.client : 'host' in record ? record.host : '';
      return types.includes(record.type) && whose === this.client;
    });
    return index < 0 ? undefined : { ...this.records[index]!, index };
  }

  get ended() {
    return this.find('ok', 'fail', 'info');
  }

  get isShared(): boolean {
    return this.invoke.mode === 'shared';
  }

  /** Whether its call is under way, and it lives and has time, when so much has happened. */
  waitsAt(index: number): boolean {
    const dead = this.records.findIndex(
      (record) => record.type === 'host' && record.host === this.client && record.state === 'dead',
    );
    if ((this.ended?.index ?? Infinity) <= index || (dead >= 0 && dead < index)) return false;
    const { waitMs, atUs } = this.invoke;
    if (typeof waitMs !== 'number') return true;
    const scale = (us: number) => us + Math.floor((us * this.ratePpm) / 1_000_000);
    return scale(this.records[index]!.atUs) - scale(atUs) < waitMs * 1_000;
  }
}

function oracle(history: History, { ways: all, permits = 1, ratePpm }: Crowd): string {
  const { records } = history;
  const seen = CLIENTS.slice(0, all.length).map(
    (client, at) => new Seen(records, client, at === 0 ? ratePpm : 0),
  );
  if (seen.every((one) => one.find('enqueued') === undefined)) return 'not-applicable';
  for (const one of seen) {
    if (one.ended?.type !== 'ok') continue;
    const place = one.find('enqueued');
    const out = one.find('dequeued');
    const takenOut = out?.type === 'dequeued' && out.cause === 'granted' ? out : undefined;
    const unplaced = one.find('lease') ?? one.ended;
    const moment = place === undefined ? unplaced.index : (takenOut ?? one.ended).index;
    const from = place?.index ?? unplaced.index;
    const before = seen.filter((other) => {
      const its = other.find('enqueued');
      if (other === one || its === undefined) return false;
      if (its.index > Math.min(from, moment)) return false;
      if (other.isShared && one.isShared) return false;
      return (other.find('dequeued')?.index ?? Infinity) > moment;
    });
    const together = place !== undefined && takenOut === undefined && before.length < permits;
    if (!together && before.some((other) => other.waitsAt(moment))) return 'invalid';
  }
  return 'valid';
}

property.prop([crowds], { ...RUNS, numRuns: 2_000 })(
  'R20 the verdict is that of every grant compared with every place',
  (crowd) => {
    const told = tell(crowd);
    expect(judge(fairness, told).verdict).toBe(oracle(told.history(), crowd));
  },
);

test('R20 every verdict occurs among those crowds', () => {
  const seen = new Map<string, number>();
  for (const crowd of fc.sample(crowds, { ...RUNS, numRuns: 2_000 })) {
    const outcome = oracle(tell(crowd).history(), crowd);
    seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
  }
  for (const [outcome, least] of [
    ['valid', 100],
    ['invalid', 100],
    ['not-applicable', 3],
  ] as const) {
    expect([outcome, Math.min(seen.get(outcome) ?? 0, least)]).toEqual([outcome, least]);
  }
});

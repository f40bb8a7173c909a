/**
 * The event queue against a naive one: lanes in arrays, every head looked at each time (R5, D2).
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventQueue, Lane, SimEvent } from '../../src/sim/queue.js';
import type { Handler } from '../../src/sim/world.js';

const NOTHING: Handler = { happen: () => false };
const RUNS = { numRuns: 500, seed: 5005 } as const;

interface Planned {
  readonly lane: number;
  readonly afterUs: number;
  readonly tie: number;
}

/** A queue with lanes, one gate each; events are known by the order in which they were made. */
class Bench {
  readonly queue = new EventQueue();
  readonly gates: { closedUntilUs: number }[] = [];
  readonly lanes: Lane[] = [];
  readonly events: SimEvent[] = [];
  nowUs = 0;

  constructor(kinds: readonly boolean[]) {
    kinds.forEach((byDueTime, id) => {
      const gate = { closedUntilUs: 0 };
      this.gates.push(gate);
      this.lanes.push(new Lane(id, byDueTime, gate));
    });
  }

  push({ lane: index, afterUs, tie }: Planned): void {
    const lane = this.lanes[index]!;
    // Code of a host that is held does not run: what it sets, it sets from its frontier on.
    const fromUs = lane.byDueTime ? Math.max(this.nowUs, lane.openAtUs()) : this.nowUs;
    let atUs = fromUs + afterUs;
    if (!lane.byDueTime) {
      lane.lastUs = Math.max(lane.lastUs, atUs);
      atUs = lane.lastUs;
    }
    const seq = this.events.length;
    const event = new SimEvent(atUs, tie, lane, seq, 0, 0, this.nowUs, 0, NOTHING, undefined);
    this.events.push(event);
    this.queue.push(event);
  }

  /** Delivers the next event, as the world does; its number, or `undefined` if none is left. */
  deliver(): number | undefined {
    for (;;) {
      const event = this.queue.next();
      if (event === undefined) return undefined;
      const openUs = event.lane.openAtUs();
      if (openUs > event.atUs) {
        this.queue.hold(event, openUs);
        continue;
      }
      this.queue.deliver(event);
      this.nowUs = event.atUs;
      return event.seq;
    }
  }

  deliverAll(): number[] {
    const order: number[] = [];
    for (let seq = this.deliver(); seq !== undefined; seq = this.deliver()) order.push(seq);
    return order;
  }
}

/** The same by brute force: no line, nothing remembered but what waits. */
class Naive {
  private readonly lanes: { seq: number; atUs: number; tie: number }[][];
  private readonly lastUs: number[];
  private readonly gates: number[];
  nowUs = 0;
  private count = 0;

  constructor(private readonly kinds: readonly boolean[]) {
    this.lanes = kinds.map(() => []);
    this.lastUs = kinds.map(() => 0);
    this.gates = kinds.map(() => 0);
  }

  close(lane: number, untilUs: number): void {
    this.gates[lane] = untilUs;
  }

  push({ lane, afterUs, tie }: Planned): void {
    const fromUs = this.kinds[lane] ? Math.max(this.nowUs, this.gates[lane]!) : this.nowUs;
    let atUs = fromUs + afterUs;
    if (!this.kinds[lane]) {
      this.lastUs[lane] = Math.max(this.lastUs[lane]!, atUs);
      atUs = this.lastUs[lane]!;
    }
    const waiting = this.lanes[lane]!;
    waiting.push({ seq: this.count++, atUs, tie });
    if (this.kinds[lane]) waiting.sort((a, b) => a.atUs - b.atUs || a.seq - b.seq);
  }

  cancel(seq: number): void {
    for (const waiting of this.lanes) {
      const index = waiting.findIndex((event) => event.seq === seq);
      if (index >= 0) waiting.splice(index, 1);
    }
  }

  deliver(): number | undefined {
    let best: { lane: number; atUs: number; tie: number } | undefined;
    this.lanes.forEach((waiting, lane) => {
      const head = waiting[0];
      if (head === undefined) return;
      const atUs = Math.max(head.atUs, this.gates[lane]!, this.nowUs);
      const { tie } = head;
      const first =
        best === undefined || atUs < best.atUs || (atUs === best.atUs && tie < best.tie);
      if (first) best = { lane, atUs, tie };
    });
    if (best === undefined) return undefined;
    this.nowUs = best.atUs;
    return this.lanes[best.lane]!.shift()!.seq;
  }
}

const KINDS = [true, false, true, false, false];
const planned = fc.record({
  lane: fc.nat(KINDS.length - 1),
  afterUs: fc.nat(6),
  tie: fc.nat(3),
});
/** More lanes than are looked at one by one. */
const MANY_KINDS = Array.from({ length: 60 }, (_, lane) => lane % 3 === 0);
const scattered = fc.record({
  lane: fc.nat(MANY_KINDS.length - 1),
  afterUs: fc.nat(40),
  tie: fc.nat(3),
});
const step = fc.oneof(
  { weight: 5, arbitrary: planned.map((plan) => ({ kind: 'push' as const, plan })) },
  { weight: 4, arbitrary: fc.constant({ kind: 'deliver' as const }) },
  { weight: 1, arbitrary: fc.nat().map((pick) => ({ kind: 'cancel' as const, pick })) },
  {
    weight: 1,
    arbitrary: fc
      .record({ lane: fc.nat(KINDS.length - 1), forUs: fc.nat(10) })
      .map((close) => ({ kind: 'close' as const, ...close })),
  },
);

test('R5 D2 the queue delivers what a naive one delivers, in the same order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const bench = new Bench(KINDS);
      const naive = new Naive(KINDS);
      for (const one of steps) {
        if (one.kind === 'push') {
          bench.push(one.plan);
          naive.push(one.plan);
        } else if (one.kind === 'deliver') {
          expect(bench.deliver()).toBe(naive.deliver());
          expect(bench.nowUs).toBe(naive.nowUs);
        } else if (one.kind === 'cancel') {
          if (bench.events.length === 0) continue;
          const seq = one.pick % bench.events.length;
          bench.queue.cancel(bench.events[seq]!, bench.nowUs);
          naive.cancel(seq);
        } else {
          // A gate only ever moves forward.
          const gate = bench.gates[one.lane]!;
          gate.closedUntilUs = Math.max(gate.closedUntilUs, bench.nowUs + one.forUs);
          naive.close(one.lane, gate.closedUntilUs);
        }
      }
      const rest: (number | undefined)[] = bench.deliverAll();
      for (const seq of rest) expect(seq).toBe(naive.deliver());
      expect(naive.deliver()).toBeUndefined();
      expect(bench.queue.size).toBe(0);
    }),
    RUNS,
  );
});

test('R5 D2 the heads of sixty lanes are delivered in the order of a naive queue', () => {
  const some = fc.array(scattered, { minLength: 20, maxLength: 150, size: 'max' });
  fc.assert(
    fc.property(some, some, fc.nat(40), (first, second, between) => {
      const bench = new Bench(MANY_KINDS);
      const naive = new Naive(MANY_KINDS);
      const push = (plan: Planned) => {
        bench.push(plan);
        naive.push(plan);
      };
      for (const plan of first) push(plan);
      for (let at = 0; at < between; at++) expect(bench.deliver()).toBe(naive.deliver());
      for (const plan of second) push(plan);
      for (const seq of bench.deliverAll()) expect(seq).toBe(naive.deliver());
      expect(naive.deliver()).toBeUndefined();
    }),
    RUNS,
  );
});

test('R5 removing an event never changes the order of events of other lanes', () => {
  const property = fc.property(
    fc.array(planned, { minLength: 2, maxLength: 30, size: 'max' }),
    fc.nat(),
    (plans, pick) => {
      const removed = pick % plans.length;
      const order = (without?: number) => {
        const bench = new Bench(KINDS);
        for (const plan of plans) bench.push(plan);
        if (without !== undefined) bench.queue.cancel(bench.events[without]!, 0);
        return bench.deliverAll();
      };
      const { lane } = plans[removed]!;
      const others = (seqs: readonly number[]) => seqs.filter((seq) => plans[seq]!.lane !== lane);
      expect(others(order(removed))).toEqual(others(order()));
    },
  );
  fc.assert(property, RUNS);
});

test('R5 removing the last event of a lane changes nothing else', () => {
  const property = fc.property(
    fc.array(planned, { minLength: 2, maxLength: 30, size: 'max' }),
    (plans) => {
      const bench = new Bench(KINDS);
      for (const plan of plans) bench.push(plan);
      const last = bench.lanes
        .find(({ length }) => length > 0)!
        .waiting()
        .at(-1)!;
      const all = bench.deliverAll();
      const again = new Bench(KINDS);
      for (const plan of plans) again.push(plan);
      again.queue.cancel(again.events[last.seq]!, 0);
      expect(again.deliverAll()).toEqual(all.filter((seq) => seq !== last.seq));
    },
  );
  fc.assert(property, RUNS);
});

describe('R5 which goes first', () => {
  function orderOf(kinds: readonly boolean[], plans: readonly Planned[]): number[] {
    const bench = new Bench(kinds);
    for (const plan of plans) bench.push(plan);
    return bench.deliverAll();
  }

  test('R5 a connection is first in, first out, whatever latencies and priorities', () => {
    const plans = [
      { lane: 0, afterUs: 9, tie: 7 },
      { lane: 0, afterUs: 2, tie: 1 },
      { lane: 0, afterUs: 5, tie: 3 },
    ];
    expect(orderOf([false], plans)).toEqual([0, 1, 2]);
  });

  test('R5 an arrival drawn earlier than the one before it is raised to it', () => {
    const bench = new Bench([false]);
    bench.push({ lane: 0, afterUs: 9, tie: 0 });
    bench.push({ lane: 0, afterUs: 2, tie: 0 });
    bench.deliverAll();
    expect(bench.events.map(({ atUs }) => atUs)).toEqual([9, 9]);
  });

  test('R5 timers go by due time, then by creation, whatever their priorities', () => {
    const plans = [
      { lane: 0, afterUs: 5, tie: 9 },
      { lane: 0, afterUs: 2, tie: 9 },
      { lane: 0, afterUs: 5, tie: 1 },
    ];
    expect(orderOf([true], plans)).toEqual([1, 0, 2]);
  });

  test('R5 at one instant the head with the smallest priority goes first, then the lane', () => {
    const plans = [
      { lane: 2, afterUs: 1, tie: 4 },
      { lane: 1, afterUs: 1, tie: 4 },
      { lane: 0, afterUs: 1, tie: 5 },
    ];
    expect(orderOf([false, false, false], plans)).toEqual([1, 0, 2]);
  });

  test('R5 only heads are candidates: a small priority behind a large one has to wait', () => {
    const plans = [
      { lane: 0, afterUs: 1, tie: 8 },
      { lane: 0, afterUs: 1, tie: 0 },
      { lane: 1, afterUs: 1, tie: 5 },
    ];
    expect(orderOf([false, false], plans)).toEqual([2, 0, 1]);
  });

  test('R5 a closed lane keeps its order and opens as a whole', () => {
    const bench = new Bench([false, false]);
    bench.push({ lane: 0, afterUs: 1, tie: 0 });
    bench.push({ lane: 0, afterUs: 2, tie: 0 });
    bench.push({ lane: 1, afterUs: 6, tie: 0 });
    bench.gates[0]!.closedUntilUs = 9;
    expect(bench.deliverAll()).toEqual([2, 0, 1]);
    expect(bench.nowUs).toBe(9);
  });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1.5])(
  'D11 the queue refuses an instant that is no integer below 2^53: %s',
  (atUs) => {
    const { queue, lanes } = new Bench([true]);
    const event = new SimEvent(atUs, 0, lanes[0]!, 0, 0, 0, 0, 0, NOTHING, undefined);
    expect(() => queue.push(event)).toThrow(/integer/);
  },
);

/** Chrome trace events: what Perfetto needs of them, and that they say what the trace says. */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { type ChromeEvent, chromeTrace } from '../../../src/timeline/export/chrome.js';
import { nestingLanes } from '../../../src/timeline/export/nesting.js';
import { sideBySide } from '../../../src/timeline/export/side-by-side.js';
import { TraceModel } from '../../../src/timeline/model.js';
import { storyFiles, wholeFile } from '../files.js';
import { grouped } from '../grouped.js';
import { expectNested, slicesOf, stacksOf } from './nested.js';

const FILES = [...storyFiles(), wholeFile()].map(
  (file, at) => [at, file.meta.title, file] as const,
);

const stretches = fc.array(
  fc.tuple(fc.nat(30), fc.nat(12)).map(([fromUs, us]) => ({ fromUs, untilUs: fromUs + us })),
);

describe('lanes', () => {
  property.prop([stretches])('nest, in order of time, and hold each stretch once', (all) => {
    const lanes = nestingLanes(all);
    for (const lane of lanes) expectNested(lane);
    expect(new Set(lanes.flat())).toEqual(new Set(all));
    expect(lanes.flat()).toHaveLength(all.length);
  });

  test('are no more than it takes', () => {
    const at = (fromUs: number, untilUs: number) => ({ fromUs, untilUs });
    expect(nestingLanes([at(2, 3), at(0, 10), at(2, 5), at(10, 12)])).toHaveLength(1);
    expect(nestingLanes([at(0, 5), at(3, 8), at(8, 9), at(4, 7)])).toEqual([
      [at(0, 5), at(8, 9)],
      [at(3, 8), at(4, 7)],
    ]);
  });
});

describe.each(FILES)('of every trace: %i, %s', (_at, _title, file) => {
  const model = new TraceModel(file);
  const { traceEvents } = chromeTrace(model);
  const of = (...phases: ChromeEvent['ph'][]) =>
    traceEvents.filter(({ ph }) => phases.includes(ph));

  test('slices nest in their thread', () => {
    for (const slices of slicesOf(traceEvents)) expectNested(slices);
  });

  test('every arrow has two ends, in order, each at the slice of its message', () => {
    const ends = of('X').filter((event) => event.bind_id !== undefined);
    const arrows = grouped(ends, (event) => event.bind_id);
    const arrived = model.messages.filter(({ fate }) => fate === 'delivered');
    expect(arrows).toHaveLength(arrived.length);
    for (const { index, from, to, text, sentAtUs, endedAtUs } of arrived) {
      const [out, back] = arrows.find(([end]) => end!.bind_id === index + 1)!;
      expect([out, back]).toMatchObject([
        { pid: from + 1, name: `to ${model.hosts[to]!.id}: ${text}`, flow_out: true },
        { pid: to + 1, name: `from ${model.hosts[from]!.id}: ${text}`, flow_in: true },
      ]);
      expect([out, back].map((end) => Math.floor(end!.ts))).toEqual([sentAtUs, endedAtUs]);
    }
  });

  test('messages and records lie side by side, however many there are in one instant', () => {
    for (const stack of stacksOf(traceEvents)) {
      const deep = stack.filter(({ depth }) => depth > 0);
      expect(deep.filter(({ event: { cat, ph } }) => cat === 'message' || ph === 'i')).toEqual([]);
    }
  });

  test('every process and thread has a name, and a number of its own', () => {
    const named = (name: string) => of('M').filter((event) => event.name === name);
    const processes = named('process_name').map(({ pid }) => pid);
    const threads = named('thread_name').map(({ pid, tid }) => `${pid} ${tid}`);
    expect(new Set(processes).size).toBe(model.hosts.length + 1);
    expect(new Set(named('thread_name').map(({ tid }) => tid)).size).toBe(threads.length);
    for (const { pid, tid } of of('X', 'i')) {
      expect(processes).toContain(pid);
      expect(threads).toContain(`${pid} ${tid}`);
      expect(processes).not.toContain(tid);
    }
  });

  test('it holds all records, spans and violations, in order of time', () => {
    const { spans, violations, faults } = file;
    const all = spans.reduce((sum, { by }) => sum + by.length, 0);
    const kept = of('X').filter(({ cat }) => cat !== 'message');
    expect(kept).toHaveLength(all + faults.length);
    expect(of('i')).toHaveLength(model.rows + violations.length);
    const times = traceEvents.map(({ ts }) => ts);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const lengths = of('X').map(({ dur }) => dur!);
    expect(Math.min(...times, ...lengths)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...times, ...lengths)).toBeLessThan(Infinity);
  });
});

describe('of a run with everything', () => {
  const { traceEvents, otherData } = chromeTrace(new TraceModel(wholeFile()));
  const named = (name: string) => traceEvents.filter((event) => event.name === name);

  test('spans bear their operation, in the process of their host', () => {
    expect(named('belief A1')).toEqual([
      {
        name: 'belief A1',
        ph: 'X',
        cat: 'belief',
        pid: 1,
        tid: expect.any(Number),
        ts: 1_000,
        dur: 9_000,
        args: { row: 3, operation: 'A1' },
      },
    ]);
    expect(named('lease A1')).toMatchObject([{ pid: 3, ts: 500, dur: 10_000 }]);
    expect(named('dead')).toMatchObject([{ pid: 2, ts: 12_000, dur: 8_000, args: { row: 16 } }]);
  });

  test('messages that arrived have an arrow, others say what became of them', () => {
    const messages = traceEvents.filter(({ cat, ph }) => cat === 'message' && ph === 'X');
    expect(messages.map(({ name, ts }) => [ts, name])).toEqual([
      [0, 'to r1: SET lock'],
      [500, 'from A: SET lock'],
      [500.5, 'to A: SET lock (in-flight)'],
      [900, 'to r1: SET lock (lost)'],
      [950, 'to r1: SET lock (receiver-down)'],
    ]);
  });

  test('clocks are shown by how far they are ahead, to the end of a drift', () => {
    const shown = named('wall clock ahead').map(({ pid, ts, args }) => [pid, ts, args?.['us']]);
    expect(shown).toEqual([
      [3, 0, 0],
      [3, 5_000, 59_995_000],
      [3, 7_000, 59_995_001],
      [3, 7_000, 3_000],
      [3, 20_000, 2_993],
    ]);
  });

  test('faults and violations belong to the run', () => {
    expect(named('f1: pause')).toMatchObject([{ ph: 'X', ts: 3_000, dur: 5_000 }]);
    expect(named('✗ mutual-exclusion: double-grant')).toMatchObject([
      { ph: 'i', s: 't', args: { why: 'because', witness: [0, 1] } },
    ]);
    expect(otherData).toEqual({ title: 'set-nx: no violation', engine: '0.1.0', digest: 'd' });
  });
});

describe('marks of one instant', () => {
  const at = (ts: number, tid = 1) => ({ tid, ts });

  test('share it in their order, with those of their thread alone', () => {
    const placed = sideBySide([at(5), at(5), at(7), at(5, 2), at(5)]);
    expect(placed.map(({ mark, ts, dur }) => [mark.tid, ts, dur])).toEqual([
      [1, 5, 0.333],
      [1, 5.333, 0.333],
      [1, 5.666, 0.333],
      [1, 7, 1],
      [2, 5, 1],
    ]);
  });

  test('stay in it, however many they are, and begin anew when it is full', () => {
    const placed = sideBySide(Array.from({ length: 2_500 }, () => at(1e9)));
    expect(placed.every(({ ts, dur }) => ts >= 1e9 && ts + dur <= 1e9 + 1)).toBe(true);
    expect(new Set(placed.map(({ ts }) => ts)).size).toBe(1_000);
  });
});

test('fencing tokens are shown as they are granted', () => {
  const file = storyFiles().find(({ violations }) => violations[0]?.property === 'fencing')!;
  const { traceEvents } = chromeTrace(new TraceModel(file));
  const shown = traceEvents.filter(({ name }) => name === 'fencing token');
  expect(shown.map(({ ph, pid, args }) => [ph, pid, args])).toEqual([
    ['C', 1, { number: 1 }],
    ['C', 2, { number: 1 }],
  ]);
});

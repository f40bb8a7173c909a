/** Chrome trace events: what Perfetto needs of them, and that they say what the trace says. */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { type ChromeEvent, chromeTrace } from '../../../src/timeline/export/chrome.js';
import { nestingLanes, type Stretch } from '../../../src/timeline/export/nesting.js';
import { TraceModel } from '../../../src/timeline/model.js';
import { storyFiles, wholeFile } from '../files.js';
import { grouped } from '../grouped.js';

const FILES = [...storyFiles(), wholeFile()].map(
  (file, at) => [at, file.meta.title, file] as const,
);

const apart = (a: Stretch, b: Stretch) => a.untilUs <= b.fromUs || b.untilUs <= a.fromUs;
const inside = (a: Stretch, b: Stretch) => b.fromUs <= a.fromUs && a.untilUs <= b.untilUs;

function expectNested(stretches: readonly Stretch[]): void {
  for (const [at, a] of stretches.entries()) {
    for (const b of stretches.slice(at + 1)) {
      expect(apart(a, b) || inside(a, b) || inside(b, a), JSON.stringify([a, b])).toBe(true);
    }
  }
}

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
  const stretch = ({ ts, dur }: ChromeEvent) => ({ fromUs: ts, untilUs: ts + dur! });

  test('slices nest in their thread', () => {
    for (const slices of grouped(of('X'), ({ tid }) => tid)) expectNested(slices.map(stretch));
  });

  test('every arrow has two ends, in order, each in a slice', () => {
    const arrows = grouped(of('s', 'f'), ({ id }) => id);
    expect(arrows).toHaveLength(model.messages.filter(({ fate }) => fate === 'delivered').length);
    for (const ends of arrows) {
      expect(ends.map(({ ph }) => ph)).toEqual(['s', 'f']);
      expect(ends[1]!.ts).toBeGreaterThanOrEqual(ends[0]!.ts);
      for (const { tid, ts } of ends) {
        const around = of('X').filter((slice) => slice.tid === tid && slice.ts === ts);
        expect(around.length).toBeGreaterThan(0);
      }
    }
  });

  test('every process and thread has a name, and a number of its own', () => {
    const named = (name: string) => of('M').filter((event) => event.name === name);
    const processes = named('process_name').map(({ pid }) => pid);
    const threads = named('thread_name').map(({ pid, tid }) => `${pid} ${tid}`);
    expect(new Set(processes).size).toBe(model.hosts.length + 1);
    expect(new Set(named('thread_name').map(({ tid }) => tid)).size).toBe(threads.length);
    for (const { pid, tid } of of('X', 'i', 's', 'f')) {
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
    expect(Math.min(...times, ...of('X').map(({ dur }) => dur!))).toBeGreaterThanOrEqual(0);
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
      [500, 'to A: SET lock (in-flight)'],
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
      { ph: 'i', s: 'g', args: { why: 'because', witness: [0, 1] } },
    ]);
    expect(otherData).toEqual({ title: 'set-nx: no violation', engine: '0.1.0', digest: 'd' });
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

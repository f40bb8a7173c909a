/** Trace files: columns that lead back to the run. */
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/fault.js';
import type { HistoryRecord } from '../../src/history.js';
import type { TraceFile } from '../../src/timeline/format.js';
import { traceFile } from '../../src/timeline/write.js';
import type { Trace } from '../../src/trace.js';
import { story } from '../checkers/history-builder.js';
import { judged } from '../cli/reports.js';
import { STORIES } from '../story/stories.js';
import { traceOf } from '../story/telling.js';
import { expectTrace } from './trace-of.js';

const fileOf = (trace: Trace, verdicts: Parameters<typeof traceFile>[1] = []) =>
  traceFile(trace, verdicts, '0.1.0');

/** The records that the columns hold, put together again. */
function recordsOf(file: TraceFile): unknown[] {
  let atUs = 0;
  return file.ev.dt.map((dt, row) => {
    atUs += dt;
    const type = file.dict[file.ev.type[row]!];
    return { type, atUs, ...(file.payload[file.ev.payload[row]!] as object) };
  });
}

test.each(STORIES.map(({ name }) => name))('%s keeps to the schema and loses no record', (name) => {
  const { trace, verdict } = judged(name);
  const file = fileOf(trace, [verdict]);
  expect(expectTrace(file)).toEqual(file);
  expect(recordsOf(file)).toEqual(trace.history.records);
  expect(file.violations).toMatchObject([{ property: verdict.property, witness: verdict.witness }]);
});

const paused = () => {
  const told = story('A', 'B')
    .acquire('A', 0)
    .enter('A', 2)
    .pause('A', 3, 8)
    .exit('A', 9)
    .release('A', 10)
    .clock('r1', 'wall', 5, 60_000, 500)
    .crash('B', 12)
    .end(20);
  const messages = [
    {
      from: 'A',
      to: 'r1',
      sentAtUs: 0,
      dueUs: 500,
      endedAtUs: 500,
      fate: 'delivered',
      text: 'SET',
    },
    {
      from: 'r1',
      to: 'A',
      sentAtUs: 500,
      dueUs: 900,
      fate: 'in-flight',
      text: 'OK',
      place: 'a.ts:1',
    },
    {
      from: 'A',
      to: 'store',
      sentAtUs: 900,
      dueUs: 950,
      endedAtUs: 940,
      fate: 'lost',
      text: 'read',
    },
  ] as const;
  const fault: Fault = {
    id: 'f1',
    class: 'pause',
    at: { atUs: 3_000 },
    host: 'A',
    durationUs: 5_000,
  };
  for (const edge of ['start', 'touched'] as const) {
    told.add({ type: 'fault', atUs: 3_000, fault: 'f1', class: 'pause', edge });
  }
  const places = { 3: 'my-lock.ts:14' };
  return { ...traceOf(told, { messages, faults: [fault], places }), digest: 'd' };
};

describe('the columns', () => {
  const trace = paused();
  const file = fileOf(trace);
  const hostNamed = (id: string) => file.hosts.findIndex((host) => host.id === id);

  test('name the hosts, the resource that messages went to, and the probe', () => {
    expect(file.hosts).toEqual([
      { id: 'A', kind: 'client' },
      { id: 'B', kind: 'client' },
      { id: 'r1', kind: 'server' },
      { id: 'store', kind: 'resource' },
      { id: 'P', kind: 'probe' },
    ]);
  });

  test('keep messages with their fates', () => {
    expect(file.msg).toMatchObject({
      from: [hostNamed('A'), hostNamed('r1'), hostNamed('A')],
      dt: [0, 500, 400],
      due: [500, 400, 50],
      took: [500, -1, 40],
      fate: [0, 3, 1],
    });
    expect(file.msg.text.map((text) => file.dict[text])).toEqual(['SET', 'OK', 'read']);
    expect(file.msg.place.map((place) => file.dict[place])).toEqual([
      undefined,
      'a.ts:1',
      undefined,
    ]);
  });

  test('lead from each record back to its cause', () => {
    const causes = trace.history.records.flatMap((record, row) => {
      const back = file.ev.cause[row]!;
      return back === 0 ? [] : [[nameOf(record), nameOf(trace.history.records[row - back]!)]];
    });
    expect(causes).toEqual([
      ['lease', 'invoke acquire'],
      ['acked', 'lease'],
      ['ok acquire', 'invoke acquire'],
      ['enter', 'ok acquire'],
      ['host resumed', 'host paused'],
      ['exit', 'enter'],
      ['release-sent', 'ok acquire'],
      ['lease-end', 'lease'],
      ['ok release', 'invoke release'],
    ]);
  });

  test('have spans for waiting, leases, belief, sections, pauses and deaths', () => {
    const spans = Object.fromEntries(
      file.spans.map(({ kind, host, fromUs, untilUs }) => [kind, [host[0], fromUs[0], untilUs[0]]]),
    );
    expect(spans).toEqual({
      wait: [0, 0, 1_000],
      lease: [2, 500, 10_500],
      held: [0, 500, 10_500],
      belief: [0, 1_000, 10_000],
      section: [0, 2_000, 9_000],
      release: [0, 10_000, 11_000],
      paused: [0, 3_000, 8_000],
      dead: [1, 12_000, 20_000],
    });
  });

  test('have clocks in pieces, faults with their hosts, and places', () => {
    expect(file.clocks).toEqual([{ host: 2, clock: 'wall', pieces: [[5_000, 60_000_000, 500]] }]);
    expect(file.faults).toEqual([
      { id: 'f1', class: 'pause', hosts: [0], fromUs: 3_000, untilUs: 8_000, touched: true },
    ]);
    expect(file.dict[file.ev.place[3]!]).toBe('my-lock.ts:14');
  });
});

function nameOf(record: HistoryRecord): string {
  if ('action' in record) return `${record.type} ${record.action}`;
  return record.type === 'host' ? `host ${record.state}` : record.type;
}

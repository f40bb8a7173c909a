/** Trace files for tests: those of the hand-made stories, and one that has every optional field. */
import type { Fault } from '../../src/fault.js';
import type { TraceFile } from '../../src/timeline/format.js';
import { traceFile } from '../../src/timeline/write.js';
import type { TraceMessage } from '../../src/trace.js';
import { story } from '../checkers/history-builder.js';
import { judged } from '../cli/reports.js';
import { STORIES } from '../story/stories.js';
import { traceOf } from '../story/telling.js';

export const storyFiles = (): readonly TraceFile[] =>
  STORIES.map(({ name }) => {
    const { trace, verdict } = judged(name);
    return traceFile(trace, [verdict], '0.1.0');
  });

const message = (from: string, to: string, sentAtUs: number, more: Partial<TraceMessage>) => ({
  from,
  to,
  sentAtUs,
  dueUs: sentAtUs + 500,
  fate: 'delivered' as const,
  text: 'SET lock',
  ...more,
});

const FAULTS: readonly Fault[] = [
  { id: 'f1', class: 'pause', at: { atUs: 3_000 }, host: 'A', durationUs: 5_000 },
  {
    id: 'f2',
    class: 'partition',
    at: { call: { operation: 'A1', nth: 2 } },
    client: 'A',
    server: 'r1',
    direction: 'both',
    durationUs: 10,
  },
  { id: 'f3', class: 'client-crash', at: { atUs: 9 }, host: 'B', mode: 'kill', restartAfterUs: 5 },
  { id: 'f4', class: 'failover', at: { atUs: 9 }, host: 'r1', replica: 1 },
  { id: 'f5', class: 'clock-drift', at: { atUs: 9 }, host: 'r1', ppm: -200, durationUs: 7 },
  { id: 'f6', class: 'clock-step', at: { atUs: 9 }, host: 'r1', byUs: -200 },
  {
    id: 'f7',
    class: 'server-error',
    at: { atUs: 9 },
    host: 'r1',
    durationUs: 7,
    error: 'LOADING',
  },
];

/** As a run on real servers could be: every field that there is has a value. */
export function wholeFile(): TraceFile {
  const told = story('A', 'B')
    .acquire('A', 0)
    .enter('A', 2)
    .pause('A', 3, 8)
    .exit('A', 9)
    .release('A', 10)
    .clock('r1', 'wall', 5, 60_000, 500)
    .clock('r1', 'wall', 7, 10, -500)
    .crash('B', 12)
    .add({ type: 'fault', atUs: 3_000, fault: 'f1', class: 'pause', edge: 'start' })
    .end(20);
  const messages = [
    message('A', 'r1', 0, { endedAtUs: 500 }),
    message('r1', 'A', 500, { fate: 'in-flight', place: 'a.ts:1' }),
    message('A', 'r1', 900, { fate: 'lost', endedAtUs: 940 }),
    message('B', 'r1', 950, { fate: 'receiver-down', endedAtUs: 999 }),
  ];
  const trace = { ...traceOf(told, { messages, faults: FAULTS }), digest: 'd' };
  const { verdict } = judged('failover');
  const { scenario } = trace;
  const operation = {
    id: 'A1',
    gapUs: 1,
    sectionUs: 2,
    renew: true,
    mode: 'exclusive' as const,
    nested: false,
  };
  const clients = [{ id: 'A', operations: [operation] }];
  const file = traceFile({ ...trace, scenario: { ...scenario, clients } }, [], '0.1.0', 'hf1_x');
  const zeros = (column: readonly number[]) => column.map(() => 0);
  return {
    ...file,
    meta: {
      ...file.meta,
      source: 'real',
      truth: 'bounded',
      limit: 'too many events',
      environment: { redis: '7.0.15' },
    },
    ev: { ...file.ev, before: zeros(file.ev.dt), after: zeros(file.ev.dt) },
    spans: file.spans.map((span) => ({
      ...span,
      fromBeforeUs: zeros(span.by),
      fromAfterUs: zeros(span.by),
      untilBeforeUs: zeros(span.by),
      untilAfterUs: zeros(span.by),
    })),
    violations: [
      {
        property: verdict.property,
        class: 'double-grant',
        cause: 'failover',
        why: 'because',
        offender: 'A1',
        victim: 'B1',
        witness: [0, 1],
      },
    ],
  };
}

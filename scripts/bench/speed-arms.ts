/** Events per second, against the bare loop, and the price of recording a trace. */
import { type Figure, REPETITIONS, summarize } from './arm.js';
import { bareLoop } from './bare-loop.js';
import { SearchBench } from './search-speed.js';

/** By then nothing is compiled any more: the search is measured, not its start. */
const WARM_UP_RUNS = 8_000;
const RUNS = 600;
const BARE_EVENTS = 500_000;

export async function speedFigures(): Promise<Figure[]> {
  Error.stackTraceLimit = 0;
  const redlock = new SearchBench('redlock');
  await bareLoop(BARE_EVENTS);
  await redlock.measure(WARM_UP_RUNS);
  const bare: number[] = [];
  const events: number[] = [];
  const ratios: number[] = [];
  let redlockEvents = 0;
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const ceiling = await bareLoop(BARE_EVENTS);
    const search = await redlock.measure(RUNS);
    bare.push(ceiling / 1e6);
    events.push(search.eventsPerS / 1e6);
    ratios.push((100 * search.eventsPerS) / ceiling);
    redlockEvents = search.eventsPerRun;
  }
  const redlockLoad =
    `redlock, 5 servers, 2–3 clients × 3 operations, every fault class, all checkers, trace off, ` +
    `${redlockEvents.toFixed(0)} events a run; ${redlock.shares()}`;
  return [
    summarize(
      'bare loop',
      'M events/s',
      bare,
      'heap and one promise wake an event, drained by process.nextTick',
    ),
    summarize('search', 'M events/s', events, redlockLoad, { text: '≥ 1', atLeast: 1 }),
    summarize('search of the bare loop', '%', ratios, 'the two above, pair by pair', {
      text: '≥ 35 %',
      atLeast: 35,
    }),
    await traceFigure(redlock),
  ];
}

async function traceFigure(bench: SearchBench): Promise<Figure> {
  const ratios: number[] = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    bench.rewind();
    const off = await bench.measure(RUNS / 3);
    bench.rewind();
    const on = await bench.measure(RUNS / 3, true);
    ratios.push(off.eventsPerS / on.eventsPerS);
  }
  const workload = 'redlock as above, the same runs with the trace and without';
  return summarize('recording a trace', '× the cost without', ratios, workload, {
    text: '≤ 2',
    atMost: 2,
  });
}

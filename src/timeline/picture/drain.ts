/**
 * What is left of a term as the clock of its server counts: a straight line, unless that clock was
 * moved or runs at another rate. Then a step is a cliff and drift another slope.
 */
import { hasSessions } from '../../service.js';
import type { TraceFile } from '../format.js';
import type { TraceModel } from '../model.js';

type Clock = TraceFile['clocks'][number];

/** What the clock shows at an instant; before its first piece it shows world time. */
export function localAt({ pieces }: Pick<Clock, 'pieces'>, atUs: number): number {
  const piece = pieces.findLast(([fromUs]) => fromUs <= atUs);
  if (piece === undefined) return atUs;
  const [fromUs, localUs, ratePpm] = piece;
  return localUs + (atUs - fromUs) * (1 + ratePpm / 1_000_000);
}

/** One term of a lease, as asked for, and until when it was neither extended nor ended. */
export interface Term {
  readonly host: number;
  readonly fromUs: number;
  readonly untilUs: number;
  readonly termUs: number;
}

export type Drain = readonly (readonly [atUs: number, leftUs: number])[];

/** Time left of a term from its beginning to its end, never less than none nor more than all. */
export function drainOf(model: TraceModel, term: Term): Drain {
  const { fromUs, untilUs, termUs } = term;
  const clock = clockOf(model, term.host);
  const endUs = termUs + localAt(clock, fromUs);
  const raw: (readonly [number, number])[] = [[fromUs, termUs]];
  clock.pieces.forEach(([atUs, localUs], index) => {
    if (atUs <= fromUs || atUs >= untilUs) return;
    raw.push([atUs, endUs - localAt({ pieces: clock.pieces.slice(0, index) }, atUs)]);
    raw.push([atUs, endUs - localUs]);
  });
  // Of an end that is a piece of the clock: what was left before it.
  const before = { pieces: clock.pieces.filter(([atUs]) => atUs < untilUs) };
  raw.push([untilUs, endUs - localAt(before, untilUs)]);
  return within(raw, termUs);
}

/** What is left of a term at an instant; below 0: it should be over. */
export function leftAt(model: TraceModel, { host, fromUs, termUs }: Term, atUs: number): number {
  const clock = clockOf(model, host);
  return termUs - (localAt(clock, atUs) - localAt(clock, fromUs));
}

/** Servers with sessions count by a clock that nobody can set, all others by the wall clock. */
function clockOf({ file, hosts }: TraceModel, host: number): Pick<Clock, 'pieces'> {
  const kind = hasSessions(hosts[host]!.id) ? 'mono' : 'wall';
  const found = file.clocks.find((one) => one.host === host && one.clock === kind);
  return found ?? { pieces: [] };
}

/** A line cut where it leaves 0 and the most: with a corner at each such place. */
function within(line: Drain, most: number): Drain {
  const cut: [number, number][] = [];
  line.forEach(([atUs, leftUs], index) => {
    const [lastUs, last] = line[index - 1] ?? [atUs, leftUs];
    for (const level of leftUs < last ? [most, 0] : [0, most]) {
      if ((last - level) * (leftUs - level) >= 0) continue;
      cut.push([lastUs + ((last - level) / (last - leftUs)) * (atUs - lastUs), level]);
    }
    const kept = Math.min(Math.max(leftUs, 0), most);
    const before = cut.at(-1);
    if (before?.[0] !== atUs || before[1] !== kept) cut.push([atUs, kept]);
  });
  return cut;
}

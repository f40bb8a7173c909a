/**
 * What a real run shows: its history, and what the checkers say of it. When exactly a server
 * applied a request is known within bounds, so a property counts as broken only if it is, in the
 * same class, with all requests at the beginning of their bounds, at the end, and in the middle
 * (docs/semantics.md, R0).
 */
import { CHECKERS } from '../../checkers/index.js';
import { checkAll } from '../../checkers/merge.js';
import type { HostId } from '../../fault.js';
import type { History, HistoryRecord } from '../../history.js';
import type { Scenario } from '../../scenario.js';
import { withLateness } from '../../search/staging/lateness.js';
import type { PropertyVerdict } from '../../verdict.js';
import { type Placement, type RealRun, rebuild } from './rebuild.js';
import type { IssuedId, WireEvent, WireRequest } from './wire.js';

/** What was heard of a run: from clients, the resource and the proxies. */
export interface Heard {
  readonly records: readonly HistoryRecord[];
  readonly wire: readonly WireRequest[];
  readonly events: readonly WireEvent[];
  readonly issued: readonly IssuedId[];
}

/** What was played: `world` as the simulated run of the scenario has it. */
export interface Played {
  readonly scenario: Scenario;
  readonly schema: string | undefined;
  readonly world: History['world'];
}

/** When and where it was played. */
export interface Occasion {
  /** Servers that count what others write to them as well. */
  readonly countingOthers: ReadonlySet<HostId>;
  /** The machine's date at its beginning; the others are microseconds since then. */
  readonly startedAtWallUs: number;
  readonly healedAtUs: number;
  readonly endedAtUs: number;
}

export interface Judged {
  /** With all requests in the middle of their bounds; what verdicts witness is in it. */
  readonly history: History;
  readonly properties: readonly PropertyVerdict[];
  /** Where a model answered otherwise than the real server. */
  readonly differences: readonly string[];
}

/** How much longer than its last event a real run is looked at, in microseconds. */
const AFTERWARDS_US = 1_000;
const MIDDLE: Placement = 0.5;
const EXTREMES: readonly Placement[] = [0, 1];

/** What is judged of a run that was played. */
export function realRunOf(
  { scenario, schema, world }: Played,
  occasion: Occasion,
  heard: Heard,
): RealRun {
  const { records, wire, events, issued } = heard;
  const { countingOthers, startedAtWallUs, healedAtUs, endedAtUs } = occasion;
  return {
    schema,
    scenario,
    records,
    wire,
    events,
    issued,
    world: withLateness(world),
    countingOthers,
    startedAtWallUs,
    healedAtUs,
    endUs: endedAtUs + AFTERWARDS_US,
  };
}

/** Judges a run. What the middle of all bounds does not break need not be tried elsewhere. */
export async function judge(run: RealRun): Promise<Judged> {
  const { history, differences } = await rebuild(run, MIDDLE);
  let { properties } = checkAll(history, CHECKERS);
  for (const extreme of EXTREMES) {
    if (properties.every(({ verdict }) => verdict !== 'invalid')) break;
    const other = checkAll((await rebuild(run, extreme)).history, CHECKERS).properties;
    properties = properties.map((one) => agreed(one, other));
  }
  return { history, properties, differences };
}

/** A violation that the other placement shows too, else a doubt. */
function agreed(one: PropertyVerdict, others: readonly PropertyVerdict[]): PropertyVerdict {
  if (one.verdict !== 'invalid') return one;
  const { property } = one;
  const other = others.find((verdict) => verdict.property === property);
  if (other?.verdict === 'invalid' && other.class === one.class) return one;
  const what = other?.verdict === 'invalid' ? `${one.class} or ${other.class}` : 'broken or not';
  const reason = `${what}: it depends on when a server did what`;
  return { property, verdict: 'unknown', reason, witness: [] };
}

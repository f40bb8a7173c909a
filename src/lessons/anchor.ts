/**
 * Places in a run, named by what happens there and not by when: they are found again in every run
 * that has such an event. What a text says of times and numbers is read from the run through them.
 */
import type { HostId, OperationId } from '../fault.js';
import type { HistoryRecord } from '../history.js';
import type { Scenario } from '../scenario.js';
import { instant, span } from '../story/words.js';
import type { TraceModel } from '../timeline/model.js';

/** The `nth` record (default 1, the first) with all that is said of it. */
export interface Anchor {
  readonly type: HistoryRecord['type'];
  /** In whose lane it is drawn: leases and requests at their server, accesses at the resource. */
  readonly host?: HostId;
  readonly client?: HostId;
  readonly operation?: OperationId;
  readonly action?: 'acquire' | 'renew' | 'release';
  readonly access?: 'read' | 'write';
  readonly accepted?: boolean;
  readonly state?: 'paused' | 'resumed' | 'dead' | 'restarted';
  readonly cause?: 'expired' | 'released' | 'deleted';
  readonly extends?: boolean;
  readonly nth?: number;
}

const FIELDS = [
  'client',
  'operation',
  'action',
  'access',
  'accepted',
  'state',
  'cause',
  'extends',
] as const;

/** The row of that event; `undefined` if the run has none. */
export function rowOf(anchor: Anchor, model: TraceModel): number | undefined {
  let left = anchor.nth ?? 1;
  for (let row = 0; row < model.rows; row++) {
    if (isAt(anchor, model, row) && --left === 0) return row;
  }
  return undefined;
}

/** How many such events the run has, whatever `nth` says. */
export function countOf(anchor: Anchor, model: TraceModel): number {
  let count = 0;
  for (let row = 0; row < model.rows; row++) if (isAt(anchor, model, row)) count++;
  return count;
}

function isAt(anchor: Anchor, model: TraceModel, row: number): boolean {
  if (model.file.dict[model.file.ev.type[row]!] !== anchor.type) return false;
  const record = fieldsOf(model, row);
  const lane = model.hosts[model.host[row]!]?.id;
  if (anchor.host !== undefined && anchor.host !== lane) return false;
  return FIELDS.every((field) => anchor[field] === undefined || anchor[field] === record[field]);
}

/** The record of a row, as fields by name: which it has depends on its type. */
function fieldsOf(model: TraceModel, row: number): Readonly<Record<string, unknown>> {
  return { ...model.record(row) };
}

/** When it happens, in µs; `NaN` if it does not. Comparisons with it are then false. */
export function atUsOf(anchor: Anchor, model: TraceModel): number {
  const row = rowOf(anchor, model);
  return row === undefined ? Number.NaN : model.atUs[row]!;
}

/** Something that a text names: an instant, the time between two, a number of a record, a size. */
export type Measure =
  | { readonly at: Anchor }
  | { readonly from: Anchor; readonly until: Anchor }
  | { readonly read: 'fencingToken' | 'value' | 'validForMs'; readonly of: Anchor }
  | { readonly setting: 'ttlMs' | 'waitMs' }
  | { readonly section: OperationId }
  | { readonly fault: string; readonly size: 'durationUs' | 'byUs' };

/**
 * A text with its names in braces filled in, from the run it is about.
 *
 * @throws {RangeError} if a name has no measure, or the run has nothing to measure.
 */
export function told(
  text: string,
  values: Readonly<Record<string, Measure>>,
  { model, scenario }: { readonly model: TraceModel; readonly scenario: Scenario },
): string {
  return text.replace(/\{([^}]*)\}/g, (_braces, name: string) => {
    const measure = Object.hasOwn(values, name) ? values[name] : undefined;
    if (measure === undefined) throw new RangeError(`{${name}} stands for nothing in "${text}"`);
    const words = wordsOf(measure, model, scenario);
    if (words === undefined) throw new RangeError(`this run has no {${name}}, named in "${text}"`);
    return words;
  });
}

function wordsOf(measure: Measure, model: TraceModel, scenario: Scenario): string | undefined {
  if ('at' in measure) return timeOf(atUsOf(measure.at, model));
  if ('from' in measure) return timeOf(atUsOf(measure.until, model) - atUsOf(measure.from, model));
  if ('setting' in measure) return span(scenario[measure.setting] * 1_000);
  if ('read' in measure) return numberOf(measure, model);
  return sizeOf(measure, scenario);
}

function timeOf(us: number): string | undefined {
  return Number.isNaN(us) ? undefined : instant(us);
}

function numberOf(
  { read, of }: Extract<Measure, { read: unknown }>,
  model: TraceModel,
): string | undefined {
  const row = rowOf(of, model);
  if (row === undefined) return undefined;
  const value = fieldsOf(model, row)[read];
  if (typeof value !== 'number') return undefined;
  return read === 'validForMs' ? instant(value * 1_000) : String(value);
}

function sizeOf(
  measure: Extract<Measure, { section: unknown } | { fault: unknown }>,
  { clients, faults }: Scenario,
): string | undefined {
  if ('section' in measure) {
    const plans = clients.flatMap(({ operations }) => operations);
    const plan = plans.find(({ id }) => id === measure.section);
    return plan && span(plan.sectionUs);
  }
  const fault = faults.find(({ id }) => id === measure.fault) as
    | { readonly durationUs?: number; readonly byUs?: number }
    | undefined;
  const us = fault?.[measure.size];
  return us === undefined ? undefined : span(us);
}

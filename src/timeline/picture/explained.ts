/**
 * A violation that is explained: its marks keep their strength, and all others step back. Of it are
 * the rows of its chain, what lasted from or to one of them, and who held and believed meanwhile.
 * Words do not step back: what cannot be read is not there.
 */
import { grantOf } from '../derive/chain.js';
import type { ModelSpan, TraceModel } from '../model.js';
import type { Mark, Ref } from './marks.js';
import type { PictureOptions } from './picture.js';
import type { Scene } from './scene.js';
import type { Sheet } from './sheet.js';
import { witnessesOf } from './witness-messages.js';

export type Explained = NonNullable<PictureOptions['explained']>;

const DIMMED = 0.25;

/** The marks of a sheet, the strong and the faded ones in their order. */
export function faded(sheet: Sheet, explained: Explained): Mark[] {
  const kept = keptOf(sheet.scene, explained);
  const isKept = ({ ref }: Mark) => ref !== undefined && kept.has(nameOf(ref));
  const marks = sheet.under.map((mark) => (isKept(mark) ? mark : dimmed(mark)));
  return [...marks, ...sheet.words.map((mark) => (isKept(mark) ? mark : onFaded(mark)))];
}

function dimmed(mark: Mark): Mark {
  return { ...mark, opacity: (mark.opacity ?? 1) * DIMMED };
}

/** Words in the paint of the ground are for bars that are full: on a faint one they are ink. */
function onFaded(mark: Mark): Mark {
  if (mark.type !== 'text' || (mark.fill !== 'onFill' && mark.fill !== 'bg')) return mark;
  return { ...mark, fill: 'ink' };
}

/** Found once for each chain: a picture is drawn for every move. */
const known = new WeakMap<readonly number[], ReadonlySet<string>>();

function keptOf(scene: Scene, { violation, rows }: Explained): ReadonlySet<string> {
  const before = known.get(rows);
  if (before !== undefined) return before;
  const { model } = scene;
  const kept = new Set(rows.map((row) => nameOf({ row })));
  for (const span of spansOf(model, rows, violation)) kept.add(nameOf({ row: span.by }));
  for (const row of rows) {
    const record = model.record(row);
    if (record.type !== 'fault') continue;
    kept.add(nameOf({ fault: model.file.faults.findIndex(({ id }) => id === record.fault) }));
  }
  for (const { message, violations } of witnessesOf(scene)) {
    if (violations.has(violation)) kept.add(nameOf({ message: message.index }));
  }
  known.set(rows, kept);
  return kept;
}

/** What begins or ends at a row of the chain; who held and believed, of those that it is about. */
function spansOf(model: TraceModel, rows: readonly number[], violation: number): ModelSpan[] {
  const begun = new Set(rows);
  const ends = new Map<number, number[]>();
  for (const row of rows) ends.set(model.atUs[row]!, [...(ends.get(model.atUs[row]!) ?? []), row]);
  const { witness } = model.file.violations[violation]!;
  const grants = new Set(witness.map((row) => grantOf(model, row)));
  const endsWith = ({ host, grant }: ModelSpan) => {
    return (row: number) => model.host[row] === host || grantOf(model, row) === grant;
  };
  const isOfIt = (span: ModelSpan) =>
    begun.has(span.by) ||
    ((span.kind === 'held' || span.kind === 'belief') && grants.has(span.grant)) ||
    ends.get(span.untilUs)?.some(endsWith(span)) === true;
  return [...model.spans.values()].flatMap((spans) => spans.filter(isOfIt));
}

/** The same text for the same ref. */
function nameOf(ref: Ref): string {
  return JSON.stringify(ref);
}

/**
 * All the ways to break a trace file by one change of a kind: each with the place that whoever
 * reads it must name, and whether the JSON Schema can see it.
 */
import type { TraceFile } from '../../src/timeline/format.js';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Key = string | number;

export interface Mutation {
  readonly kind: string;
  /** `ev.cause[17]` */
  readonly place: string;
  readonly inSchema: boolean;
  /** A file of its own, broken. */
  readonly broken: () => unknown;
}

const OPTIONAL = new RegExp(
  [
    /^meta\.(replay|limit|environment)/,
    /^ev\.(before|after)$/,
    /(Before|After)Us$/,
    /^violations\[\d+\]\.(class|cause|offender|victim)$/,
  ]
    .map(({ source }) => source)
    .join('|'),
);
/** What stands there of some faults only, or is named freely. */
const NOT_ALWAYS = /^meta\.scenario\.faults\[\d+\]\.(?!id$|class$|at$)|^meta\.environment\./;
/** What is free in form: records and options, triggers. */
const FREE = /^payload\[\d+\]\.|^meta\.scenario\.options\.|^meta\.scenario\.faults\[\d+\]\.at\./;
const FIRST = /^(format|v)\b/;
const FRACTIONS = /\b(ttlMs|waitMs)$/;
const SIGNED = /\.(byUs|ppm)$|^clocks\[\d+\]\.pieces\[\d+\]\[[12]\]$/;
const FROM_MINUS_1 = /^ev\.(host|place)\[|^msg\.(took|place)\[|\.grant\[|^faults\[\d+\]\.hosts\[/;

/** All of them; the file itself is left alone. */
export function mutations(file: TraceFile): Mutation[] {
  const all: Mutation[] = [];
  const add = (kind: string, place: string, at: readonly Key[], to: Json | undefined) => {
    all.push({ kind, place, inSchema: true, broken: () => changed(file, at, to) });
  };
  for (const { place, at, value } of placesOf(file)) {
    if (FREE.test(place) || FIRST.test(place)) continue;
    const field = typeof at.at(-1) === 'string';
    if (field && !OPTIONAL.test(place) && !NOT_ALWAYS.test(place))
      add('missing', place, at, undefined);
    if (typeof value === 'number') {
      add('mistyped', place, at, 'x');
      if (!FRACTIONS.test(place)) add('fraction', place, at, 1.5);
      if (!SIGNED.test(place)) add('negative', place, at, FROM_MINUS_1.test(place) ? -2 : -1);
    } else if (typeof value === 'string') add('mistyped', place, at, 5);
    else if (typeof value === 'boolean') add('mistyped', place, at, 'yes');
    else add('mistyped', place, at, Array.isArray(value) ? {} : []);
  }
  return [...all, ...beyondSchema(file)];
}

function beyondSchema(file: TraceFile): Mutation[] {
  const { hosts, dict, payload, ev, spans, faults } = file;
  const rows = ev.dt.length;
  const limits: readonly (readonly [places: RegExp, limit: number])[] = [
    [/^(ev\.host|msg\.from|msg\.to)\[|^clocks\[\d+\]\.host$|^spans\[\d+\]\.host\[/, hosts.length],
    [/^faults\[\d+\]\.hosts\[/, hosts.length],
    [/^(ev\.type|ev\.place|msg\.text|msg\.place)\[/, dict.length],
    [/^ev\.payload\[/, payload.length],
    [/^spans\[\d+\]\.by\[|^violations\[\d+\]\.witness\[/, rows],
  ];
  const all: Mutation[] = [];
  const add = (kind: string, place: string, at: readonly Key[], to: Json) => {
    all.push({ kind, place, inSchema: false, broken: () => changed(file, at, to) });
  };
  for (const { place, at, value } of placesOf(file)) {
    const limit = limits.find(([places]) => places.test(place))?.[1];
    if (limit !== undefined) add('out of range', place, at, limit);
    if (/^ev\.cause\[/.test(place)) add('before row 0', place, at, Number(at.at(-1)) + 1);
    const isColumn = /^(ev|msg)\.\w+$|^spans\[\d+\]\.\w+$/.test(place) && Array.isArray(value);
    if (isColumn && !/(dt|spans\[\d+\]\.host|msg\.from)$/.test(place)) {
      add('too long', place, at, [...value, 0]);
      if (value.length > 0) add('too short', place, at, value.slice(1));
    }
  }
  for (const [index, { fromUs }] of spans.entries()) {
    for (const [row, us] of fromUs.entries()) {
      if (us === 0) continue;
      const at = ['spans', index, 'untilUs', row];
      add('ends too early', `spans[${index}].untilUs[${row}]`, at, us - 1);
    }
  }
  for (const [index, { fromUs }] of faults.entries()) {
    if (fromUs === 0) continue;
    add('ends too early', `faults[${index}].untilUs`, ['faults', index, 'untilUs'], fromUs - 1);
  }
  return all;
}

/** Every value of a file beneath its root, with the way to it. */
function placesOf(file: TraceFile) {
  const found: { place: string; at: Key[]; value: Json }[] = [];
  const walk = (value: Json, place: string, at: Key[]): void => {
    if (at.length > 0) found.push({ place, at, value });
    if (Array.isArray(value)) {
      value.forEach((item, index) => void walk(item, `${place}[${index}]`, [...at, index]));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value)) {
        walk(item, place === '' ? name : `${place}.${name}`, [...at, name]);
      }
    }
  };
  walk(JSON.parse(JSON.stringify(file)) as Json, '', []);
  return found;
}

function changed(file: TraceFile, at: readonly Key[], to: Json | undefined): unknown {
  const copy = JSON.parse(JSON.stringify(file)) as Json;
  const parent = at.slice(0, -1).reduce((value, key) => (value as Json[])[key as number]!, copy);
  const named = parent as Record<Key, Json>;
  if (to === undefined) delete named[at.at(-1)!];
  else named[at.at(-1)!] = to;
  return copy;
}

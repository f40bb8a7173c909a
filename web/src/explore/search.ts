/**
 * Search among the events. Words must all be in the line; `host:A` and `type:lease` ask for fields;
 * `X after Y` finds X where Y happened before on the same host.
 */
import type { TraceModel } from '../../../src/timeline/model.js';
import { wordsOf } from '../../../src/timeline/words.js';

/** The rows that a query finds, in order; all of them for an empty one. */
export function matches(model: TraceModel, query: string): Uint32Array {
  const rows = new Uint32Array(model.rows);
  for (let row = 0; row < rows.length; row++) rows[row] = row;
  const text = query.trim().toLowerCase();
  if (text === '') return rows;
  const [wanted, before] = text.split(/\s+after\s+/);
  const found = rows.filter((row) => fits(model, row, wanted!));
  if (before === undefined) return found;
  const firsts = new Map<number, number>();
  for (const row of rows) {
    const host = model.host[row]!;
    if (!firsts.has(host) && fits(model, row, before)) firsts.set(host, row);
  }
  return found.filter((row) => (firsts.get(model.host[row]!) ?? row) < row);
}

/** What to say of a host or a type that is asked for and is not in the run. */
export function unknownIn(model: TraceModel, query: string): string | undefined {
  const known = {
    host: model.hosts.map(({ id }) => id),
    type: [...new Set(model.file.ev.type)].map((type) => model.file.dict[type]!),
  };
  for (const word of query.trim().split(/\s+/)) {
    const [field, value = ''] = word.split(':');
    if ((field !== 'host' && field !== 'type') || value === '') continue;
    if (known[field].some((one) => one.toLowerCase() === value.toLowerCase())) continue;
    return `No ${field} ${value}; there are ${known[field].join(', ')}.`;
  }
  return undefined;
}

/** Where a row stands among rows in order; −1 if it does not. */
export function placeIn(rows: Uint32Array, row: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return rows[low] === row ? low : -1;
}

function fits(model: TraceModel, row: number, wanted: string): boolean {
  const host = model.hosts[model.host[row]!]?.id ?? '';
  const { type } = model.record(row);
  const line = `${host} ${type} ${wordsOf(model, row)}`.toLowerCase();
  return wanted.split(/\s+/).every((word) => {
    const [field, value] = word.split(':');
    if (value === undefined) return line.includes(word);
    if (field === 'host') return host.toLowerCase() === value;
    return field === 'type' ? type === value : line.includes(word);
  });
}

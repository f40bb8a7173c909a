/**
 * Search among the events. Words must all be in the line; `host:A` and `type:lease` ask for fields;
 * `X after Y` finds X where Y happened before on the same host.
 */
import type { TraceModel } from '../../../src/timeline/model.js';
import { wordsOf } from '../../../src/timeline/words.js';

/** The rows that a query finds, in order; all of them for an empty one. */
export function matches(model: TraceModel, query: string): number[] {
  const rows = Array.from({ length: model.rows }, (_, row) => row);
  const text = query.trim().toLowerCase();
  if (text === '') return rows;
  const [wanted, before] = text.split(/\s+after\s+/);
  const found = rows.filter((row) => fits(model, row, wanted!));
  if (before === undefined) return found;
  const earlier = rows.filter((row) => fits(model, row, before));
  return found.filter((row) =>
    earlier.some((one) => one < row && model.host[one] === model.host[row]),
  );
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

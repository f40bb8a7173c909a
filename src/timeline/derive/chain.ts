/**
 * Explain: from the witness of a violation back to what caused it. The chain follows the causes of
 * the trace, and takes in what befell the hosts meanwhile: a pause, a fault, a lease that ended.
 */
import type { TraceFile } from '../format.js';
import type { TraceModel } from '../model.js';

export type Violation = TraceFile['violations'][number];

/** The rows that prove a violation, and what caused them. */
export function causesOf(model: TraceModel, { witness }: Violation): Set<number> {
  const rows = new Set<number>();
  for (const row of witness) follow(model, row, rows);
  return rows;
}

/** The rows that explain a violation, in the order in which they happened. */
export function chainOf(model: TraceModel, violation: Violation): number[] {
  const rows = causesOf(model, violation);
  const chained = [...rows].sort((a, b) => a - b);
  const from = chained[0] ?? 0;
  const until = chained.at(-1) ?? 0;
  const grants = new Set(chained.flatMap((row) => grantOf(model, row) ?? []));
  for (let row = from; row <= until; row++) if (befell(model, row, rows, grants)) rows.add(row);
  return [...rows].sort((a, b) => a - b);
}

function follow(model: TraceModel, witness: number, rows: Set<number>): void {
  for (let row = witness; row >= 0 && !rows.has(row); row = model.cause[row]!) rows.add(row);
}

/** Whether a row tells what befell those in the chain: their hosts, their leases. */
function befell(
  model: TraceModel,
  row: number,
  rows: ReadonlySet<number>,
  grants: ReadonlySet<number>,
): boolean {
  const record = model.record(row);
  switch (record.type) {
    case 'fault':
      return record.edge === 'start';
    case 'host':
      return record.state !== 'resumed' && [...rows].some((one) => sameHost(model, one, row));
    case 'lease-end':
      return rows.has(model.cause[row]!) || grants.has(grantOf(model, model.cause[row]!) ?? -1);
    case 'told':
      return grants.has(record.grant);
    default:
      return false;
  }
}

function sameHost(model: TraceModel, a: number, b: number): boolean {
  return model.host[a] === model.host[b];
}

/** The acquire that a row belongs to. */
export function grantOf(model: TraceModel, row: number): number | undefined {
  if (row < 0) return undefined;
  const record = model.record(row);
  if ('grant' in record && record.grant !== undefined) return record.grant;
  if (record.type === 'lease') return grantOf(model, model.cause[row]!);
  return 'call' in record && record.action === 'acquire' ? record.call : undefined;
}

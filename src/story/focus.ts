/**
 * What a story is about: the operations and clients a verdict concerns, the records that prove it,
 * and where the story ends. What lies outside explains nothing and is left out.
 */
import type { Grant } from '../checkers/sections.js';
import { countLeading } from '../checkers/sorted.js';
import type { HostId, OperationId } from '../fault.js';
import type { HistoryRecord } from '../history.js';
import type { StoryRow } from '../report.js';
import type { PropertyVerdict } from '../verdict.js';
import { holdersAt } from './holders.js';
import { numberIn } from './narrative/clauses.js';
import type { Tale } from './narrative/tale.js';

export interface Focus {
  readonly tale: Tale;
  readonly verdict: PropertyVerdict;
  /** The grants it is about, in the order of their invocation. */
  readonly grants: readonly Grant[];
  readonly clients: ReadonlySet<HostId>;
  /** Index of the last record that belongs to the story. */
  readonly last: number;
  readonly witness: ReadonlySet<number>;
  /** Index of the record with which the property breaks; absent if no single record does it. */
  readonly violation: number | undefined;
  /** The row of a break that no record stands for: a thing that ought to have happened. */
  readonly missing: StoryRow | undefined;
}

/** Finds what a verdict is about; of one that is not invalid, everything but the probe. */
export function focusOn(tale: Tale, verdict: PropertyVerdict): Focus {
  const { index } = tale;
  const everything = verdict.verdict !== 'invalid';
  const missing = everything ? undefined : missingRow(tale, verdict);
  const proof = everything ? [] : verdict.witness;
  const last = everything ? index.records.length - 1 : lastRecord(tale, proof, missing);
  const operations = concerned(tale, verdict, last);
  const { probe } = index.history.world;
  const grants = index.grants.filter(({ operation, client }) =>
    everything ? client !== probe : operations.has(operation),
  );
  const clients = new Set(grants.map(({ client }) => client));
  const violation = missing === undefined ? proof.at(-1) : undefined;
  return { tale, verdict, grants, clients, last, witness: new Set(proof), violation, missing };
}

function lastRecord(
  { index }: Tale,
  proof: readonly number[],
  missing: StoryRow | undefined,
): number {
  if (missing === undefined) return proof.at(-1) ?? index.records.length - 1;
  return countLeading(index.records, ({ atUs }) => atUs <= missing.atUs) - 1;
}

/** The operations of both sides and of the witness, and of whoever ended their leases or holds. */
function concerned(tale: Tale, verdict: PropertyVerdict, last: number): Set<OperationId> {
  const { index } = tale;
  const operations = new Set<OperationId>();
  for (const side of [verdict.offender, verdict.victim]) {
    if (side !== undefined) operations.add(side.operation);
  }
  for (const at of verdict.witness) {
    const operation = operationOf(tale, index.records[at]!);
    if (operation !== undefined) operations.add(operation);
  }
  for (const { grant, end, ended } of index.leases) {
    if (end?.by === undefined || ended > last || !operations.has(grant?.operation ?? '')) continue;
    operations.add(end.by.operation);
  }
  for (const operation of before(tale, verdict)) operations.add(operation);
  if (verdict.property === 'progress') {
    const dueUs = numberIn(verdict, 'dueUs') ?? Infinity;
    for (const { operation } of holdersAt(index, dueUs)) operations.add(operation);
  }
  return operations;
}

/**
 * Who stood in a queue in which each place is a lease of its own, and left it after the last one
 * had come: it may be what that one waited for.
 */
function before({ index }: Tale, { offender, victim, witness, class: found }: PropertyVerdict) {
  const sides = [offender, victim].map((side) => index.grantByOperation.get(side?.operation ?? ''));
  const own = sides.flatMap((grant) => grant?.leases.slice(0, 1) ?? []);
  const fromUs = Math.max(...own.map(({ record }) => record.atUs));
  if (found !== 'double-grant' || own[0]?.record.key === own[1]?.record.key) return [];
  const left = index.leases.filter(
    ({ record, ended }) =>
      ended <= witness.at(-1)! &&
      (index.records[ended]?.atUs ?? 0) > fromUs &&
      !own.some((lease) => lease.record.key === record.key),
  );
  return left.flatMap(({ grant }) => grant?.operation ?? []);
}

function operationOf(tale: Tale, record: HistoryRecord): OperationId | undefined {
  if ('operation' in record) return record.operation;
  if ('grant' in record && record.grant !== undefined) {
    return tale.index.grantById.get(record.grant)?.operation;
  }
  if (record.type === 'lease-end') return tale.leases.get(record.lease)?.grant?.operation;
  return undefined;
}

/** The row of something that ought to have happened and did not. */
function missingRow(tale: Tale, verdict: PropertyVerdict): StoryRow | undefined {
  const { offender, property, cause } = verdict;
  if (offender === undefined) return undefined;
  const { host, operation } = offender;
  const row = { host, operation, mark: 'violation' } as const;
  if (property === 'progress' && verdict.cause !== 'deadlock') {
    const atUs = numberIn(verdict, 'dueUs') ?? tale.index.history.endUs;
    return { ...row, atUs, kind: 'info', text: 'had to be done by now' };
  }
  if (property === 'reentrancy' && cause === 'waited') {
    const atUs = numberIn(verdict, 'dueUs') ?? tale.index.history.endUs;
    return { ...row, atUs, kind: 'info', text: 'had to be granted again by now' };
  }
  if (property === 'belief' && cause === 'late-push') {
    const atUs = numberIn(verdict, 'atUs') ?? tale.index.history.endUs;
    return { ...row, atUs, kind: 'told', text: 'had to be told by now' };
  }
  if (property === 'leak' && verdict.details?.['ended'] === false) {
    const server = String(verdict.details['server'] ?? host);
    const text = `${host}'s lease still stands`;
    const atUs = tale.index.history.endUs;
    return { ...row, atUs, host: server, kind: 'lease', servers: [server], text };
  }
  return undefined;
}

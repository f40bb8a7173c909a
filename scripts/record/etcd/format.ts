/**
 * Format of the recordings in test/golden/etcd: one JSON object a line, first a header, then one
 * sequence each. Requests and answers are those of the simulated etcd, without fields that are 0,
 * '', `false`, empty or, of a range, the usual order. Revisions count from 1 in each sequence; a
 * lease whose id the server chose is −1, −2, … in the order in which they came.
 */
import type {
  ErrorResponse,
  EtcdRequest,
  EtcdResponse,
} from '../../../src/sim/servers/etcd/messages.js';

export interface GoldenHeader {
  readonly format: 1;
  /** The server that answered, with its version. */
  readonly server: string;
  readonly family: string;
  readonly members: 1 | 3;
}

/** A request or answer without what is as usual. */
export type Slim = { readonly type: string } & { readonly [field: string]: unknown };

/** A message that came beside the answer of the step: to which call, or to a watch. */
export type GoldenPush = readonly [connection: number, call: number | null, body: Slim];

/**
 * Pushes as they are compared: by connection, call and watch. What goes to one watch has an order,
 * which a stable sort keeps; between calls and watches there is none.
 */
export function byAddressee(a: GoldenPush, b: GoldenPush): number {
  return a[0] - b[0] || callOf(a) - callOf(b) || watchOf(a) - watchOf(b);
}

function callOf([, call]: GoldenPush): number {
  return call ?? Number.MAX_SAFE_INTEGER;
}

function watchOf([, , body]: GoldenPush): number {
  return Number(body['watchId'] ?? 0);
}

/** What happens to the servers. */
export type Event =
  /** The only member is killed and started again. */
  | 'restart'
  /** Another member is asked to lead. */
  | 'move leader'
  /** The other members stop, so that the leader reaches nobody. */
  | 'isolate leader'
  /** They go on. */
  | 'reunite'
  /** The leader stops, and the others elect another one. */
  | 'stop leader';

export interface GoldenStep {
  /** Absent: the first connection, number 0. */
  readonly connection?: number;
  readonly request?: Slim;
  /** Absent: the call waits, its answer is a push of a later step. */
  readonly answer?: Slim;
  readonly pushes?: readonly GoldenPush[];
  /** Instead of a request: this long nothing happened. */
  readonly waitMs?: number;
  /** Instead of a request: this connection was closed. */
  readonly close?: number;
  readonly event?: Event;
  /** In a timed sequence, milliseconds from its start: before and after the step. */
  readonly at?: readonly [from: number, to: number];
}

export interface GoldenSequence {
  readonly name: string;
  readonly steps: readonly GoldenStep[];
}

function isUsual(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === 0 || value === '' || value === false;
}

/** Without what is as usual. */
export function slim(full: EtcdRequest | EtcdResponse | ErrorResponse): Slim {
  return slimValue(full) as Slim;
}

function slimValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(slimValue);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(
    ([name, field]) =>
      !isUsual(field) &&
      !(name === 'sortOrder' && field === 'none') &&
      !(name === 'sortTarget' && field === 'key'),
  );
  return Object.fromEntries(entries.map(([name, field]) => [name, slimValue(field)]));
}

const REVISIONS = new Set([
  'revision',
  'createRevision',
  'modRevision',
  'startRevision',
  'compactRevision',
  'minModRevision',
  'maxModRevision',
  'minCreateRevision',
  'maxCreateRevision',
]);
const LEASES = new Set(['id', 'lease', 'ids']);

/**
 * A message with its revisions moved by so many, and its ids of leases replaced. What a field means
 * in a comparison depends on its target.
 */
export function renumber<T>(value: T, by: number, leaseId: (id: number) => number): T {
  const revision = (field: number) => (field > 0 ? field + by : field);
  const visit = (part: unknown, name: string, target: unknown): unknown => {
    if (Array.isArray(part)) return part.map((item) => visit(item, name, target));
    if (typeof part === 'object' && part !== null) {
      const inner = 'target' in part ? part.target : undefined;
      return Object.fromEntries(
        Object.entries(part).map(([key, field]) => [key, visit(field, key, inner)]),
      );
    }
    if (typeof part !== 'number' && typeof part !== 'bigint') return part;
    const compares = name === 'operand' ? target : undefined;
    const isRevision = REVISIONS.has(name) || compares === 'create' || compares === 'mod';
    if (isRevision) return revision(Number(part));
    return LEASES.has(name) || compares === 'lease' ? leaseId(part as number) : part;
  };
  return visit(value, '', undefined) as T;
}

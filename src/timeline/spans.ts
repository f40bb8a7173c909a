/** The stretches of time of a run: who waited, held, believed, was inside, was paused or dead. */
import { overAt, releaseInvokedAt } from '../checkers/holding.js';
import { leaseChains } from '../checkers/lease-chains.js';
import { type Grant, type HistoryIndex, NONE } from '../checkers/sections.js';
import type { HostId } from '../fault.js';
import type { CallId, HostRecord } from '../history.js';
import { holdsOf } from './holds.js';

/**
 * - `wait`: from the call of an acquire to its end;
 * - `lease`: a server held a lease and its extensions, in its lane, from when it was applied to
 *   when it ended;
 * - `held`: the truth: as many servers as the lock needs held a lease of this client's grant, and
 *   in a queue it was its turn (holds.ts);
 * - `belief`: a client counted itself as holder, from the grant to its release, loss or death;
 * - `section`: a client was inside;
 * - `release`: from the call of a release to its end;
 * - `paused`, `dead`: a host did not run.
 */
export const SPAN_KINDS = [
  'wait',
  'lease',
  'held',
  'belief',
  'section',
  'release',
  'paused',
  'dead',
] as const;

export type SpanKind = (typeof SPAN_KINDS)[number];

export interface Span {
  readonly kind: SpanKind;
  /** In whose lane it lies. */
  readonly host: HostId;
  readonly fromUs: number;
  readonly untilUs: number;
  /** The acquire it belongs to. */
  readonly grant: CallId | undefined;
  /** Index of the record that opened it. */
  readonly by: number;
}

export function spansOf(index: HistoryIndex): Span[] {
  const spans: Span[] = [];
  const add = (kind: SpanKind, host: HostId, from: number, until: number, grant?: CallId) => {
    const fromUs = index.records[from]!.atUs;
    const untilUs = until === NONE ? index.history.endUs : index.records[until]!.atUs;
    spans.push({ kind, host, fromUs, untilUs, grant, by: from });
  };
  for (const grant of index.grants) addGrant(index, grant, add);
  for (const { leases, closed } of leaseChains(index)) {
    const { record, applied, grant } = leases[0]!;
    add('lease', record.server, applied, closed, grant?.id);
  }
  for (const { grant, from, until } of holdsOf(index)) {
    add('held', grant.client, from, until, grant.id);
  }
  for (const [host, states] of index.hostStates) {
    states.forEach((at, position) => {
      const { state } = index.records[at] as HostRecord;
      if (state !== 'paused' && state !== 'dead') return;
      add(state, host, at, states[position + 1] ?? NONE);
    });
  }
  return spans;
}

type Add = (kind: SpanKind, host: HostId, from: number, until: number, grant?: CallId) => void;

function addGrant(index: HistoryIndex, grant: Grant, add: Add): void {
  const { id, client, acquire, enter, exit, calls } = grant;
  const over = overAt(index, grant);
  add('wait', client, acquire.invoked, acquire.completed === NONE ? over : acquire.completed, id);
  if (acquire.completion?.type === 'ok') {
    const released = releaseInvokedAt(grant);
    const until = [over, released].filter((at) => at !== NONE).sort((a, b) => a - b);
    add('belief', client, acquire.completed, until[0] ?? NONE, id);
  }
  if (enter !== NONE) add('section', client, enter, exit === NONE ? over : exit, id);
  for (const { invocation, invoked, completed } of calls) {
    if (invocation.action === 'release') add('release', client, invoked, completed, id);
  }
}

/** What everybody holds, believes and does at one instant: the panel beside the timeline. */
import type { ModelSpan, TraceModel } from '../model.js';
import type { SpanKind } from '../spans.js';
import { possible, sure } from './bounds.js';

/** Of a run that is known within bounds: what may hold is here too (`isSure`). */
export interface HostState {
  readonly host: number;
  /** Counts itself as holder, and since when. */
  readonly belief: ModelSpan | undefined;
  /** Holds in truth. */
  readonly held: ModelSpan | undefined;
  readonly section: ModelSpan | undefined;
  readonly wait: ModelSpan | undefined;
  readonly paused: ModelSpan | undefined;
  readonly dead: ModelSpan | undefined;
  /** Of a server: it has crashed and is not back. */
  readonly down: boolean;
  /** Of a server: the leases it holds. */
  readonly leases: readonly ModelSpan[];
}

export interface WorldState {
  readonly atUs: number;
  readonly hosts: readonly HostState[];
  /** Clients that hold the lock in truth, for sure. */
  readonly holders: readonly number[];
  /** Messages under way. */
  readonly inFlight: number;
}

export function stateAt(model: TraceModel, atUs: number): WorldState {
  const at = (kind: SpanKind) => model.spansOf(kind).filter((one) => covers(possible(one), atUs));
  const belief = at('belief');
  const held = at('held');
  const section = at('section');
  const wait = at('wait');
  const paused = at('paused');
  const dead = at('dead');
  const leases = at('lease');
  const crashes = model.file.faults.filter(
    ({ class: fault, fromUs, untilUs }) =>
      fault === 'server-crash' && fromUs <= atUs && atUs < untilUs,
  );
  const hosts = model.hosts.map(({ index: host }): HostState => {
    const of = (spans: readonly ModelSpan[]) => spans.find((one) => one.host === host);
    return {
      host,
      belief: of(belief),
      held: of(held),
      section: of(section),
      wait: of(wait),
      paused: of(paused),
      dead: of(dead),
      down: crashes.some(({ hosts: struck }) => struck.includes(host)),
      leases: leases.filter((one) => one.host === host),
    };
  });
  const inFlight = model.messages.filter(
    ({ sentAtUs, endedAtUs }) => sentAtUs <= atUs && atUs < endedAtUs,
  ).length;
  const holders = held.filter((one) => isSure(one, atUs)).map(({ host }) => host);
  return { atUs, hosts, holders: [...new Set(holders)], inFlight };
}

/** Whether a span lasted at an instant for sure. */
export function isSure(span: ModelSpan, atUs: number): boolean {
  return covers(sure(span), atUs);
}

function covers({ fromUs, untilUs }: ModelSpan, atUs: number): boolean {
  return fromUs <= atUs && (atUs < untilUs || (fromUs === untilUs && atUs === fromUs));
}

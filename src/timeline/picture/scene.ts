/**
 * A run prepared for drawing: what lies in each lane, sorted, so that a picture costs what it shows
 * and not what the run holds. Made once for a trace; pictures of it are made for every move.
 */
import { type Beliefs, beliefsOf, type Stretch } from '../derive/beliefs.js';
import type { ModelMessage, ModelSpan, TraceModel } from '../model.js';
import type { SpanKind } from '../spans.js';
import type { Majority } from './majority.js';

interface Item {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** Things with a beginning and an end, sorted by their beginning. */
export class Track<T extends Item> {
  /** Beginnings alone: a search through them touches no items. */
  private readonly beginsUs: Float64Array;
  /** The latest end among the items up to each. */
  private readonly latestUs: Float64Array;

  constructor(readonly items: readonly T[]) {
    this.beginsUs = Float64Array.from(items, ({ fromUs }) => fromUs);
    this.latestUs = new Float64Array(items.length);
    let latest = Number.NEGATIVE_INFINITY;
    items.forEach(({ untilUs }, index) => {
      latest = Math.max(latest, untilUs);
      this.latestUs[index] = latest;
    });
  }

  /** First and one past the last item that may touch a stretch of time. */
  range(fromUs: number, untilUs: number): readonly [first: number, end: number] {
    const first = firstWhere(this.items.length, (index) => this.latestUs[index]! >= fromUs);
    return [first, Math.max(first, this.begunBy(untilUs))];
  }

  /** How many items begin up to an instant. */
  begunBy(atUs: number): number {
    const { beginsUs } = this;
    let low = 0;
    let high = beginsUs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (beginsUs[middle]! > atUs) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Whether any item touches a stretch of time. */
  touches(fromUs: number, untilUs: number): boolean {
    const begun = this.begunBy(untilUs);
    return begun > 0 && this.latestUs[begun - 1]! >= fromUs;
  }

  /** How many items may touch a stretch of time: at least as many as do. */
  countWithin(fromUs: number, untilUs: number): number {
    const [first, end] = this.range(fromUs, untilUs);
    return end - first;
  }

  /** The items that touch a stretch of time. */
  within(fromUs: number, untilUs: number): T[] {
    const [first, end] = this.range(fromUs, untilUs);
    const found: T[] = [];
    for (let index = first; index < end; index++) {
      const item = this.items[index]!;
      if (item.untilUs >= fromUs) found.push(item);
    }
    return found;
  }
}

/** The first index for which something holds that holds for all behind it; `length` for none. */
export function firstWhere(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Rows of one host that are drawn as marks of their own. */
export interface RowItem extends Item {
  readonly row: number;
}

export type MessageItem = ModelMessage & Item;

export class Scene {
  readonly beliefs: Beliefs;
  readonly founded: ReadonlyMap<number, Track<Stretch>>;
  readonly unfounded: ReadonlyMap<number, Track<Stretch>>;
  readonly unaware: Track<Stretch>;
  readonly messages: Track<MessageItem>;
  /** When a message left that did not arrive. */
  readonly losses: Track<Item>;
  /** Accesses, by the resource they happened at. */
  readonly accesses: ReadonlyMap<number, Track<RowItem>>;
  /** Steps with which an access left, by client. */
  readonly steps: ReadonlyMap<number, Track<RowItem>>;
  /** Number of each client among the clients: its colour and shape. */
  private readonly clientNumbers = new Map<number, number>();
  private readonly clients = new Map<number, number>();
  private fencingTokens: Map<number, number> | undefined;
  private leaseRows: ReadonlyMap<number, Track<RowItem>> | undefined;
  /** Counted by who draws it (quorum.ts), once. */
  majority: Majority | undefined;
  /** How far outside of its span a thing may have begun or ended; 0 of an exact run. */
  readonly slackUs: number;
  private readonly tracks = new Map<SpanKind, ReadonlyMap<number, Track<ModelSpan>>>();

  constructor(readonly model: TraceModel) {
    this.beliefs = beliefsOf(model);
    this.founded = byHost(this.beliefs.founded);
    this.unfounded = byHost(this.beliefs.unfounded);
    this.unaware = new Track(sorted(this.beliefs.unaware));
    this.messages = new Track(
      model.messages.map((message) => ({
        ...message,
        fromUs: message.sentAtUs,
        untilUs: Math.min(message.endedAtUs, model.endUs),
      })),
    );
    this.losses = new Track(
      model.messages
        .filter(({ fate }) => fate === 'lost' || fate === 'receiver-down')
        .map(({ sentAtUs }) => ({ fromUs: sentAtUs, untilUs: sentAtUs })),
    );
    for (const { index, kind } of model.hosts) {
      if (kind === 'client' || kind === 'probe') {
        this.clientNumbers.set(index, this.clientNumbers.size);
      }
    }
    for (const { grant, host } of model.spansOf('wait')) this.clients.set(grant, host);
    this.slackUs = slackOf(model);
    this.accesses = rowsOf(model, 'access');
    this.steps = rowsOf(model, 'step');
  }

  /** Belief of a client with and without a hold under it. */
  beliefTracks(host: number): { founded: Track<Stretch>; unfounded: Track<Stretch> } {
    const [founded, unfounded] = [this.founded.get(host), this.unfounded.get(host)];
    return { founded: founded ?? NOTHING, unfounded: unfounded ?? NOTHING };
  }

  /** Spans of a kind in the lane of a host. */
  spans(kind: SpanKind, host: number): Track<ModelSpan> {
    let hosts = this.tracks.get(kind);
    if (hosts === undefined) this.tracks.set(kind, (hosts = byHost(this.model.spansOf(kind))));
    return hosts.get(host) ?? NOTHING;
  }

  /** Whose acquire has that id; −1 for none. */
  clientOf(grant: number): number {
    return this.clients.get(grant) ?? -1;
  }

  /** Fencing token of a grant, if it has one. */
  tokenOf(grant: number): number | undefined {
    if (this.fencingTokens === undefined) {
      this.fencingTokens = new Map();
      for (const { grant: one, by } of this.model.spansOf('belief')) {
        const record = this.model.record(by);
        if (record.type !== 'ok' || record.fencingToken === undefined) continue;
        this.fencingTokens.set(one, record.fencingToken);
      }
    }
    return this.fencingTokens.get(grant);
  }

  /** Rows with which a server granted or extended a lease, by server. */
  get leases(): ReadonlyMap<number, Track<RowItem>> {
    this.leaseRows ??= rowsOf(this.model, 'lease');
    return this.leaseRows;
  }

  /** Its place among the clients; 0 for what is none. */
  clientNumber(host: number): number {
    return this.clientNumbers.get(host) ?? 0;
  }
}

const NOTHING: Track<never> = new Track<never>([]);

function byHost<T extends Item & { readonly host: number }>(
  items: readonly T[],
): Map<number, Track<T>> {
  const hosts = new Map<number, T[]>();
  for (const item of sorted(items)) {
    const known = hosts.get(item.host);
    if (known === undefined) hosts.set(item.host, [item]);
    else known.push(item);
  }
  return new Map([...hosts].map(([host, all]) => [host, new Track(all)]));
}

function sorted<T extends Item>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => a.fromUs - b.fromUs || a.untilUs - b.untilUs);
}

function slackOf(model: TraceModel): number {
  let slackUs = 0;
  if (model.file.meta.truth === 'exact') return slackUs;
  for (const spans of model.spans.values()) {
    for (const { fromUs, untilUs, bounds } of spans) {
      if (bounds === undefined) continue;
      slackUs = Math.max(slackUs, fromUs - bounds.fromUs[0], bounds.untilUs[1] - untilUs);
    }
  }
  return slackUs;
}

function rowsOf(model: TraceModel, type: string): Map<number, Track<RowItem>> {
  const wanted = model.file.dict.indexOf(type);
  const hosts = new Map<number, RowItem[]>();
  for (let row = 0; row < model.rows; row++) {
    if (model.file.ev.type[row] !== wanted) continue;
    const atUs = model.atUs[row]!;
    const item = { row, fromUs: atUs, untilUs: atUs };
    const host = model.host[row]!;
    const known = hosts.get(host);
    if (known === undefined) hosts.set(host, [item]);
    else known.push(item);
  }
  return new Map([...hosts].map(([host, all]) => [host, new Track(all)]));
}

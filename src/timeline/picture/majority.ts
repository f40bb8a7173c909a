/**
 * How many servers each client has a lease of, in steps over time: counted once for a run, so that
 * a picture of it costs what it shows.
 */
import type { TraceModel } from '../model.js';

/** A number that changes at instants; before the first of them it is 0. */
export class Steps {
  /** Rising, or the same. */
  private readonly instants: number[] = [];
  private readonly values: number[] = [];

  add(atUs: number, value: number): void {
    this.instants.push(atUs);
    this.values.push(value);
  }

  /** How often it changes in a stretch of time. */
  countWithin(fromUs: number, untilUs: number): number {
    return this.lastBy(untilUs) - this.lastBy(fromUs);
  }

  /** What it is at the beginning of a stretch of time, and its changes in there. */
  within(fromUs: number, untilUs: number): (readonly [atUs: number, value: number])[] {
    const first = this.lastBy(fromUs);
    const end = this.lastBy(untilUs);
    const found: [number, number][] = [[fromUs, this.values[first] ?? 0]];
    for (let at = first + 1; at <= end; at++) found.push([this.instants[at]!, this.values[at]!]);
    return found;
  }

  /** The most that it is between each edge and the next; what is there for no time counts too. */
  maxima(edgesUs: Float64Array): Uint16Array {
    const { instants, values } = this;
    const maxima = new Uint16Array(edgesUs.length - 1);
    let at = this.lastBy(edgesUs[0]!);
    for (let column = 0; column < maxima.length; column++) {
      let most = values[at] ?? 0;
      while (at + 1 < instants.length && instants[at + 1]! <= edgesUs[column + 1]!) {
        most = Math.max(most, values[++at]!);
      }
      maxima[column] = most;
    }
    return maxima;
  }

  /** Index of the last change up to an instant; −1 for none. */
  private lastBy(atUs: number): number {
    let low = 0;
    let high = this.instants.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.instants[middle]! <= atUs) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

export class Majority {
  /** By client: how many servers it has. */
  readonly ofClient = new Map<number, Steps>();
  /** The most that any client has. */
  readonly most = new Steps();
  /** How many clients have enough servers to hold. */
  readonly holders = new Steps();

  constructor(model: TraceModel, clientOf: (grant: number) => number) {
    const quorum = model.file.locks[0]?.quorum ?? 1;
    const counts = new Map<number, number>();
    let [most, holders] = [0, 0];
    for (const { atUs, client, by } of edgesOf(model, clientOf)) {
      const count = (counts.get(client) ?? 0) + by;
      counts.set(client, count);
      this.stepsOf(client).add(atUs, count);
      const wasMost = most;
      if (by > 0) most = Math.max(most, count);
      else if (count === most - 1) most = Math.max(...counts.values());
      if (most !== wasMost) this.most.add(atUs, most);
      const before = holders;
      if (by > 0 && count === quorum) holders++;
      else if (by < 0 && count === quorum - 1) holders--;
      if (holders !== before) this.holders.add(atUs, holders);
    }
  }

  private stepsOf(client: number): Steps {
    let steps = this.ofClient.get(client);
    if (steps === undefined) this.ofClient.set(client, (steps = new Steps()));
    return steps;
  }
}

/** The beginnings and ends of the leases of grants; of one instant the beginnings come first. */
function* edgesOf(model: TraceModel, clientOf: (grant: number) => number) {
  const hosts = model.hosts.length;
  const leases = model.spansOf('lease').filter(({ grant }) => clientOf(grant) >= 0);
  // Instant, direction and client in one number: many of them are sorted as numbers.
  const edges = new Float64Array(leases.length * 2);
  leases.forEach(({ fromUs, untilUs, grant }, index) => {
    const client = clientOf(grant);
    edges[2 * index] = fromUs * 2 * hosts + client;
    edges[2 * index + 1] = (untilUs * 2 + 1) * hosts + client;
  });
  edges.sort((a, b) => a - b);
  for (const edge of edges) {
    const client = edge % hosts;
    const rest = (edge - client) / hosts;
    const by = rest % 2 === 0 ? 1 : -1;
    yield { atUs: Math.floor(rest / 2), client, by };
  }
}

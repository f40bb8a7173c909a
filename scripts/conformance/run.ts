/**
 * Plays generated sequences until so many commands have been compared. A sequence whose answers
 * differ is played again: only what differs each time is a divergence. It is then shrunk.
 */
import fc from 'fast-check';
import { mix, scale } from '../../src/random.js';
import { seedKey } from '../../src/seed-key.js';
import type { Arm, Difference, Divergence, Played, PlayedStep, Service } from './arm.js';
import type { Result } from './result.js';

/** Sequences that are generated from one seed of fast-check; a divergence ends them. */
const BATCH = 20;
/** So often a difference has to show. */
const REPEATS = 3;
/** So often a sequence that went too slowly is tried. */
const TRIES = 8;
const MOST_DIVERGENCES = 10;
/** No sequence takes so long; a server that has not answered by then never will. */
const PATIENCE_MS = 60_000;
const MOST_SHRINK_MS = 30_000;

interface Tally {
  commands: number;
  sequences: number;
  /** How often each named divergence came, by name. */
  readonly named: Map<string, number>;
  /** Differences that did not show again. */
  unrepeated: number;
  /** Sequences that never went fast enough. */
  tooSlow: number;
  readonly divergences: Divergence[];
}

interface Plan {
  readonly commands: number;
  readonly seed: string;
  /** Of several that run at the same time. */
  readonly lane: number;
  readonly mostDivergences: number;
  readonly shrinkMs: number;
}

class Diverged extends Error {
  constructor(
    readonly difference: Difference,
    readonly steps: readonly PlayedStep[],
  ) {
    super('diverged');
  }
}

class Lane<Sequence> {
  private isShrinking = false;

  constructor(
    private readonly service: Service<Sequence>,
    private readonly arm: Arm<Sequence>,
    private readonly tally: Tally,
    private readonly plan: Plan,
  ) {}

  async batch(seed: number): Promise<void> {
    this.isShrinking = false;
    let shrinkUntilMs = Number.POSITIVE_INFINITY;
    let smallest: Diverged | undefined;
    const property = fc.asyncProperty(this.service.sequences, async (sequence) => {
      const isEnough = !this.isShrinking && this.tally.commands >= this.plan.commands;
      if (isEnough || performance.now() > shrinkUntilMs) return;
      const diverged = await this.compare(sequence);
      if (diverged === undefined) return;
      if (!this.isShrinking) shrinkUntilMs = performance.now() + this.plan.shrinkMs;
      this.isShrinking = true;
      smallest = diverged;
      throw diverged;
    });
    const result = await fc.check(property, { numRuns: BATCH, seed });
    if (smallest === undefined) {
      if (result.errorInstance !== null) throw result.errorInstance;
      return;
    }
    const { difference, steps } = smallest;
    this.tally.divergences.push({ ...difference, seed, shrinks: result.numShrinks, steps });
  }

  /** The divergence of a sequence that shows each time and has no name. */
  private async compare(sequence: Sequence): Promise<Diverged | undefined> {
    let last: Diverged | undefined;
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const played = await this.play(sequence);
      if (repeat === 0 && !this.isShrinking) this.count(played);
      const { difference, steps } = played ?? {};
      if (difference === undefined || this.isNamed(difference, steps!, repeat)) {
        if (repeat > 0 && !this.isShrinking) this.tally.unrepeated += 1;
        return undefined;
      }
      last = new Diverged(difference, steps!.slice(0, difference.step + 1));
    }
    return last;
  }

  private count(played: Played | undefined): void {
    this.tally.sequences += 1;
    if (played === undefined) this.tally.tooSlow += 1;
    else this.tally.commands += played.commands;
  }

  private isNamed(difference: Difference, steps: readonly PlayedStep[], repeat: number): boolean {
    const step = steps[difference.step]!;
    const known = this.service.named.find((each) => each.matches(difference, step));
    if (known === undefined) return false;
    if (repeat === 0 && !this.isShrinking) {
      const { named } = this.tally;
      named.set(known.name, (named.get(known.name) ?? 0) + 1);
    }
    return true;
  }

  /** The real server ended, or does not answer: no divergence can be told from that. */
  private stopped(sequence: Sequence, error: unknown): Error {
    const reason = error instanceof Error ? error.message : String(error);
    return new Error(
      `the real ${this.service.name} was lost (${reason}) when it played, or after, ` +
        `${JSON.stringify(sequence)}; start again with another --seed, or leave that out`,
    );
  }

  /** Plays until it was fast enough; undefined if it never was. */
  private async play(sequence: Sequence): Promise<Played | undefined> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const played = await within(this.arm.play(sequence)).catch((error: unknown) => {
        throw this.stopped(sequence, error);
      });
      if (!played.isTooSlow) return played;
    }
    return undefined;
  }
}

/** What a promise gives, or an error if it takes too long. */
function within<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_resolve, reject) => {
    const seconds = PATIENCE_MS / 1000;
    timer = setTimeout(() => reject(new Error(`no answer for ${seconds} s`)), PATIENCE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Plays one lane to its end. */
async function runLane<Sequence>(
  service: Service<Sequence>,
  arm: Arm<Sequence>,
  plan: Plan,
  tally: Tally,
): Promise<void> {
  const { commands, seed, lane, mostDivergences } = plan;
  const key = seedKey(`conformance ${service.name} ${seed}`);
  const own = new Lane(service, arm, tally, plan);
  for (let batch = 0; tally.commands < commands; batch++) {
    if (tally.divergences.length >= mostDivergences) return;
    await own.batch(scale(mix(key, lane, batch, 0, 0), 2 ** 31));
  }
}

/** What a run is asked for. */
export interface Wish {
  /** So many times the usual number of commands; may be a fraction. */
  readonly times: number;
  readonly seed: string;
  /** It stops at so many divergences, by default 10: something is wrong as a whole. */
  readonly mostDivergences?: number;
  /** So long a divergence is made smaller, by default 30 s. */
  readonly shrinkMs?: number;
}

/** Starts servers, hands an arm to `play`, and stops them. */
export type LaneStarter<Sequence> = (play: (arm: Arm<Sequence>) => Promise<void>) => Promise<void>;

/** Plays generated sequences, in as many lanes as there are starters, and sums up. */
export async function run<Sequence>(
  service: Service<Sequence>,
  { times, seed, mostDivergences = MOST_DIVERGENCES, shrinkMs = MOST_SHRINK_MS }: Wish,
  starters: readonly LaneStarter<Sequence>[],
): Promise<Omit<Result, 'server'>> {
  const none = { commands: 0, sequences: 0, unrepeated: 0, tooSlow: 0 };
  const tally: Tally = { ...none, named: new Map(), divergences: [] };
  const startMs = performance.now();
  const commands = Math.ceil(service.commands * times);
  await Promise.all(
    starters.map((start, lane) =>
      start((arm) =>
        runLane(service, arm, { commands, seed, lane, mostDivergences, shrinkMs }, tally),
      ),
    ),
  );
  const { named, divergences, ...counts } = tally;
  return {
    service: service.name,
    unit: service.unit,
    seed,
    ...counts,
    seconds: Math.round((performance.now() - startMs) / 100) / 10,
    divergences,
    named: service.named.map(({ name, reason }) => ({
      name,
      reason,
      sequences: named.get(name) ?? 0,
    })),
    omissions: service.omissions,
  };
}

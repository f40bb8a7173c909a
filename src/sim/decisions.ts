/**
 * Where decisions come from: a seed, a recorded list, or an edited one (docs/semantics.md, R6). The
 * kernel asks a `Subject` — a host, a connection — for the next decision of a purpose; the subject
 * counts ordinals within its current operation, which completes the address.
 */
import { type Decision, mix, PURPOSES, type SeedKey, scale } from '../random.js';

/** The parts of an address in one number, for look-up: 12 + 5 + 12 + 20 bits. */
export function addressKey(
  subject: number,
  purpose: number,
  operation: number,
  ordinal: number,
): number {
  return ((subject * 32 + purpose) * 4096 + operation) * 1_048_576 + ordinal;
}

/**
 * In the place of a harmless answer: what the seed says. Code makes ids of randomness, and one
 * answer for all would make them equal, which no run of the search is.
 */
export const AS_SEEDED = -1;

/** An exact replay asked for something that is not in its list, or not with that range. */
export class ReplayDiffers extends Error {
  override readonly name = 'ReplayDiffers';
}

/** The source of all decisions of one run. */
export abstract class Decisions {
  /** What was asked and answered, if recording. */
  readonly recorded: Decision[] | undefined;
  /** Key of what is not a decision but must be unpredictable to code: owner ids. */
  abstract readonly key: SeedKey;

  constructor(recording: boolean) {
    this.recorded = recording ? [] : undefined;
  }

  /**
   * An integer 0 … n − 1. `fallback` is the harmless answer for an address nobody listed, or
   * `AS_SEEDED`.
   */
  decide(
    subject: number,
    purpose: number,
    operation: number,
    ordinal: number,
    n: number,
    fallback: number,
  ): number {
    const value = this.answer(subject, purpose, operation, ordinal, n, fallback);
    this.recorded?.push({ subject, purpose, operation, ordinal, n, value });
    return value;
  }

  /** Where an exact replay asked for something else than was recorded (R6). */
  get difference(): Error | undefined {
    return undefined;
  }

  protected abstract answer(
    subject: number,
    purpose: number,
    operation: number,
    ordinal: number,
    n: number,
    fallback: number,
  ): number;
}

/** Random search: every address is answered by the mix of the run's key. */
export class SeededDecisions extends Decisions {
  constructor(
    readonly key: SeedKey,
    recording = false,
  ) {
    super(recording);
  }

  protected answer(s: number, p: number, operation: number, ordinal: number, n: number): number {
    return scale(mix(this.key, s, p, operation, ordinal), n);
  }
}

/**
 * Shrinking and the lab: listed addresses are answered from the list, others get the harmless
 * default; listed ones that are never asked are ignored and counted.
 */
export class EditedDecisions extends Decisions {
  private readonly overrides = new Map<number, Decision>();
  private readonly used = new Set<number>();

  constructor(
    readonly key: SeedKey,
    overrides: readonly Decision[],
    recording = false,
  ) {
    super(recording);
    for (const entry of overrides) {
      const { subject, purpose, operation, ordinal } = entry;
      this.overrides.set(addressKey(subject, purpose, operation, ordinal), entry);
    }
  }

  /** How many listed addresses nobody has asked for. */
  get unused(): number {
    return this.overrides.size - this.used.size;
  }

  /** The listed decisions that were asked for. */
  asked(): Decision[] {
    return [...this.overrides].filter(([key]) => this.used.has(key)).map(([, entry]) => entry);
  }

  protected answer(
    subject: number,
    purpose: number,
    operation: number,
    ordinal: number,
    n: number,
    fallback: number,
  ): number {
    const key = addressKey(subject, purpose, operation, ordinal);
    const entry = this.overrides.get(key);
    if (entry === undefined) {
      if (fallback !== AS_SEEDED) return fallback;
      return scale(mix(this.key, subject, purpose, operation, ordinal), n);
    }
    this.used.add(key);
    return Math.min(entry.value, n - 1);
  }
}

/** Exact replay: every address asked must be listed with the same range, and none be left over. */
export class RecordedDecisions extends Decisions {
  private readonly list = new Map<number, Decision>();

  constructor(
    readonly key: SeedKey,
    decisions: readonly Decision[],
  ) {
    super(false);
    for (const entry of decisions) {
      const { subject, purpose, operation, ordinal } = entry;
      this.list.set(addressKey(subject, purpose, operation, ordinal), entry);
    }
  }

  override get difference(): ReplayDiffers | undefined {
    return this.first;
  }
  private first: ReplayDiffers | undefined;

  /** Throws if the run asked for less than was recorded. */
  assertAllAsked(): void {
    const [left] = this.list.values();
    if (left !== undefined) throw new ReplayDiffers(`never asked: ${describe(left)}`);
  }

  protected answer(
    subject: number,
    purpose: number,
    operation: number,
    ordinal: number,
    n: number,
  ): number {
    const key = addressKey(subject, purpose, operation, ordinal);
    const entry = this.list.get(key);
    const asked = { subject, purpose, operation, ordinal, n, value: 0 };
    if (entry === undefined) throw this.differs(`not in the record: ${describe(asked)}`);
    if (entry.n !== n) throw this.differs(`recorded with ${entry.n}: ${describe(asked)}`);
    this.list.delete(key);
    return entry.value;
  }

  /** Remembers the first difference: code under test may catch what is thrown. */
  private differs(message: string): ReplayDiffers {
    const difference = new ReplayDiffers(message);
    this.first ??= difference;
    return difference;
  }
}

function describe(entry: Decision): string {
  const purpose = PURPOSES[entry.purpose] ?? `purpose ${entry.purpose}`;
  const { subject, operation, ordinal, n } = entry;
  return `${purpose} of subject ${subject}, operation ${operation}, number ${ordinal}, 1 of ${n}`;
}

/** Where counting begins: a 0 for each purpose. */
export const NO_ORDINALS: readonly number[] = PURPOSES.map(() => 0);
const NONE_INSIDE: readonly number[] = [...NO_ORDINALS, ...NO_ORDINALS];

/** Someone who makes decisions: keeps the ordinal of each purpose within the operation. */
export class Subject {
  private operation = 0;
  /** Next ordinals by purpose, outside of any operation. */
  private outside: number[] | undefined;
  /** And in operations, each behind the one it was counted in: another one begins at 0. */
  private inside: number[] | undefined;

  constructor(
    private readonly decisions: Decisions,
    readonly id: number,
  ) {}

  /** Enters an operation (its number), or leaves it (0). Numbers are never entered twice. */
  enter(operation: number): void {
    this.operation = operation;
  }

  decide(purpose: number, n: number, fallback: number): number {
    const { operation } = this;
    const ordinal = operation === 0 ? this.nextOutside(purpose) : this.nextInside(purpose);
    return this.decisions.decide(this.id, purpose, operation, ordinal, n, fallback);
  }

  private nextOutside(purpose: number): number {
    const ordinals = (this.outside ??= NO_ORDINALS.slice());
    return ordinals[purpose]!++;
  }

  private nextInside(purpose: number): number {
    const ordinals = (this.inside ??= NONE_INSIDE.slice());
    const { operation } = this;
    const at = 2 * purpose;
    const ordinal = ordinals[at] === operation ? ordinals[at + 1]! : 0;
    ordinals[at] = operation;
    ordinals[at + 1] = ordinal + 1;
    return ordinal;
  }
}

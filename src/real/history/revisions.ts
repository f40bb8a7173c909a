/**
 * An etcd counts its revisions over all keys, and that of the user's has counted before and counts
 * what others write to it meanwhile. For a run they are those of an etcd of its own: they begin
 * where those of a fresh one do (`Revisions`), and what others write in between takes none
 * (`OwnRevisions`), so that models and stories know them.
 */

/** Before a number in what a trace shows (`sim/services/etcd-text.ts`). */
const SHOWN =
  /(revision |created at |--rev=|--max-create-rev=|(?:create|mod)\("[^"]*"\) \S+ ")(\d+)/g;
/** A limit, which need not be the revision of a write of the run. */
const LIMIT = /^--/;

const FIELDS: ReadonlySet<string> = new Set([
  'revision',
  'startRevision',
  'minModRevision',
  'maxModRevision',
  'minCreateRevision',
  'maxCreateRevision',
]);
const LOWER = /^(?:start|min)/;

/** 0 means none. */
type Translation = (revision: number, isLowerLimit: boolean) => number;

/** Of a request as a model takes it. */
function translatedBody(value: unknown, own: Translation): unknown {
  if (Array.isArray(value)) return value.map((item) => translatedBody(item, own));
  if (typeof value !== 'object' || value === null) return value;
  const { target } = value as { readonly target?: unknown };
  const isCompared = target === 'create' || target === 'mod';
  const entries = Object.entries(value).map(([name, item]) => {
    const counts = FIELDS.has(name) || (isCompared && name === 'operand');
    const isRevision = counts && typeof item === 'number' && item > 0;
    return [name, isRevision ? own(item, LOWER.test(name)) : translatedBody(item, own)];
  });
  return Object.fromEntries(entries);
}

/** Revisions that begin where those of a fresh etcd do. */
export class Revisions {
  constructor(
    /** Of the last write before the run. */
    private readonly before: number,
  ) {}

  /** Of a fresh etcd the last write before all others has revision 1; 0 means none. */
  private own(revision: number): number {
    return revision === 0 ? 0 : Math.max(1, revision - this.before + 1);
  }

  ownText(text: string): string {
    return text.replaceAll(
      SHOWN,
      (_all, words: string, revision: string) => words + this.own(Number(revision)),
    );
  }

  ownBody<T>(body: T): T {
    return translatedBody(body, (revision) => this.own(revision)) as T;
  }
}

/** A write of the run: its revision on the real server, and on one that nobody else writes to. */
interface Known {
  readonly real: number;
  readonly own: number;
}

/**
 * The same while others write: which writes are whose is learnt from what an etcd that is the run's
 * alone says at the same place, a model or that of a story. Its revisions have the same order, and
 * two are never further apart than the real ones are; where they are, the texts stay different. A
 * limit past the last write that is known is taken to be as far from it as it seems.
 */
export class OwnRevisions {
  /** In order. */
  private known: readonly Known[] = [{ real: 1, own: 1 }];

  /** What was said, as it is to be compared with what is said where nobody else writes. */
  ownText(said: string, alone: string): string {
    return matched(said, alone, this.known).text;
  }

  /** These two said the same. */
  learn(said: string, alone: string): void {
    this.known = matched(said, alone, this.known).known;
  }

  ownBody(body: unknown): unknown {
    return translatedBody(body, (revision, isLower) =>
      // Of a lower limit: the first write that is no earlier.
      isLower ? ownOf(revision - 1, this.known) + 1 : ownOf(revision, this.known),
    );
  }
}

/** The one in the words of the other as far as what is known allows, and what is known then. */
function matched(
  said: string,
  alone: string,
  before: readonly Known[],
): { readonly text: string; readonly known: readonly Known[] } {
  let known = before;
  const meant = [...alone.matchAll(SHOWN)].map(([, , revision]) => Number(revision));
  let at = 0;
  const text = said.replaceAll(SHOWN, (_all, words: string, revision: string) => {
    const one = { real: Number(revision), own: meant[at++] ?? 0 };
    const isLimit = LIMIT.test(words);
    // No number, which might be near enough to another one.
    if (!mayBe(one, isLimit, known)) return `${words}other than`;
    if (!isLimit) known = withOne(one, known);
    return words + one.own;
  });
  return { text, known };
}

/** Before a write that is known, the one before it; else as far from the last as it seems. */
function ownOf(real: number, known: readonly Known[]): number {
  const { below, above } = around(real, known);
  const own = below.own + real - below.real;
  return above === undefined ? own : Math.min(own, above.own - 1);
}

/** Whether a write of that real revision can have that one, or a limit can mean it. */
function mayBe({ real, own }: Known, isLimit: boolean, known: readonly Known[]): boolean {
  if (real === 0 || own === 0) return real === own;
  const { below, above } = around(real, known);
  if (below.real === real) return below.own === own;
  const slack = isLimit ? 0 : 1;
  if (own < below.own + slack || own - below.own > real - below.real) return false;
  if (above === undefined) return true;
  return own <= above.own - slack && above.own - own <= above.real - real;
}

function around(
  real: number,
  known: readonly Known[],
): { readonly below: Known; readonly above: Known | undefined } {
  const at = known.findLastIndex((one) => one.real <= real);
  return { below: known[Math.max(0, at)]!, above: known[at + 1] };
}

function withOne(one: Known, known: readonly Known[]): readonly Known[] {
  const { below } = around(one.real, known);
  if (one.real <= below.real) return known;
  return known.toSpliced(known.indexOf(below) + 1, 0, one);
}

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

type Translation = (revision: number) => number;

/** Of a request as a model takes it. */
function translatedBody(value: unknown, own: Translation): unknown {
  if (Array.isArray(value)) return value.map((item) => translatedBody(item, own));
  if (typeof value !== 'object' || value === null) return value;
  const { target } = value as { readonly target?: unknown };
  const isCompared = target === 'create' || target === 'mod';
  const entries = Object.entries(value).map(([name, item]) => {
    const counts = FIELDS.has(name) || (isCompared && name === 'operand');
    return [name, counts && typeof item === 'number' ? own(item) : translatedBody(item, own)];
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
 * two are never further apart than the real ones are; where they are, the texts stay different.
 */
export class OwnRevisions {
  /** In order. */
  private readonly known: Known[] = [{ real: 1, own: 1 }];

  /** What was said, as it is to be compared with what is said where nobody else writes. */
  ownText(said: string, alone: string): string {
    const meant = [...alone.matchAll(SHOWN)].map(([, , revision]) => Number(revision));
    let at = 0;
    return said.replaceAll(SHOWN, (_all, words: string, revision: string) => {
      const real = Number(revision);
      const own = meant[at++];
      const isMeant = own !== undefined && this.mayBe(real, own, LIMIT.test(words));
      return words + (isMeant ? own : this.own(real));
    });
  }

  /** These two said the same. */
  learn(said: string, alone: string): void {
    const meant = [...alone.matchAll(SHOWN)];
    for (const [at, [, words = '', revision]] of [...said.matchAll(SHOWN)].entries()) {
      const one = { real: Number(revision), own: Number(meant[at]?.[2]) };
      if (!LIMIT.test(words) && this.mayBe(one.real, one.own, false)) this.insert(one);
    }
  }

  ownBody(body: unknown): unknown {
    return translatedBody(body, (revision) => this.own(revision));
  }

  /** Before a write that is known, the one before it; else as far from the last as it seems. */
  private own(real: number): number {
    if (real === 0) return 0;
    const { below, above } = this.around(real);
    const own = below.own + real - below.real;
    return above === undefined ? own : Math.min(own, above.own - 1);
  }

  /** Whether a write of that real revision can have that one, or a limit can mean it. */
  private mayBe(real: number, own: number, isLimit: boolean): boolean {
    if (real === 0) return own === 0;
    const { below, above } = this.around(real);
    if (below.real === real) return below.own === own;
    const slack = isLimit ? 0 : 1;
    if (own < below.own + slack || own - below.own > real - below.real) return false;
    if (above === undefined) return true;
    return own <= above.own - slack && above.own - own <= above.real - real;
  }

  private around(real: number): { readonly below: Known; readonly above: Known | undefined } {
    const at = this.known.findLastIndex((one) => one.real <= real);
    return { below: this.known[Math.max(0, at)]!, above: this.known[at + 1] };
  }

  private insert(one: Known): void {
    const { below } = this.around(one.real);
    if (one.real > below.real) this.known.splice(this.known.indexOf(below) + 1, 0, one);
  }
}

/**
 * An etcd counts its revisions over all keys, and that of the user's has counted before: for a run
 * they begin where those of a fresh one do, so that models and stories know them. What others write
 * to it meanwhile is counted too; then what it answers is not what the model does.
 */

/** Before a number in what a trace shows (`sim/services/etcd-text.ts`). */
const SHOWN =
  /(revision |created at |--rev=|--max-create-rev=|(?:create|mod)\("[^"]*"\) \S+ ")(\d+)/g;

const FIELDS: ReadonlySet<string> = new Set([
  'revision',
  'startRevision',
  'minModRevision',
  'maxModRevision',
  'minCreateRevision',
  'maxCreateRevision',
]);

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

  /** Of a request as a model takes it. */
  ownBody<T>(body: T): T {
    return this.within(body) as T;
  }

  private within(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.within(item));
    if (typeof value !== 'object' || value === null) return value;
    const { target } = value as { readonly target?: unknown };
    const isCompared = target === 'create' || target === 'mod';
    const entries = Object.entries(value).map(([name, item]) => {
      const counts = FIELDS.has(name) || (isCompared && name === 'operand');
      return [name, counts && typeof item === 'number' ? this.own(item) : this.within(item)];
    });
    return Object.fromEntries(entries);
  }
}

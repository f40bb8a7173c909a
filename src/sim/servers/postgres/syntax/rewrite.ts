/**
 * Makes of a statement what pgsql-ast-parser can read, where it cannot read what PostgreSQL can
 * (docs/decisions says which clauses). Locking clauses are taken out and kept beside the text;
 * `IS DISTINCT FROM` and `name => value` get a spelling that nothing else has here.
 */
import { notModelled, syntaxError } from '../errors.js';
import { isName, isSign, type Word } from './lexer.js';

export type RowLockMode = 'key share' | 'share' | 'no key update' | 'update';
export type WaitPolicy = 'wait' | 'nowait' | 'skip locked';

export interface LockingClause {
  readonly mode: RowLockMode;
  /** Names or aliases of the tables; empty: all. */
  readonly of: readonly string[];
  readonly wait: WaitPolicy;
}

export interface Rewritten {
  readonly text: string;
  /** By the place in `text` where the SELECT begins that has them. */
  readonly locking: ReadonlyMap<number, readonly LockingClause[]>;
}

/** Operators that stand for IS DISTINCT FROM and IS NOT DISTINCT FROM; as such not modelled. */
export const DISTINCT = '@>';
export const NOT_DISTINCT = '<@';
/** Begins the name of a column that stands for the name of an argument, or for `1e3`. */
export const ARGUMENT = '=> ';

const INTERVAL_FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'];

class Rewriter {
  private text = '';
  private at = 0;
  private readonly locking = new Map<number, LockingClause[]>();
  /** For each open parenthesis, where its SELECT begins. */
  private readonly selects: (number | undefined)[] = [undefined];

  constructor(private readonly words: readonly Word[]) {}

  run(): Rewritten {
    while (this.at < this.words.length) this.next();
    return { text: this.text, locking: this.locking };
  }

  private peek(ahead: number): Word | undefined {
    return this.words[this.at + ahead];
  }

  private emit(text: string, spaced: boolean): void {
    if (spaced && this.text !== '') this.text += ' ';
    this.text += text;
  }

  private next(): void {
    const word = this.words[this.at]!;
    if (word.kind === 'sign') this.sign(word);
    else if (word.kind === 'name') this.name(word);
    else {
      if (word.kind === 'quoted' && isSign(this.peek(1), '=>')) return this.argument(word);
      const scientific = word.kind === 'number' && /e/i.test(word.text);
      this.emit(scientific ? `"${ARGUMENT}${word.text}"` : word.text, word.spaced);
      this.at += 1;
    }
  }

  private sign(word: Word): void {
    if (word.value === DISTINCT || word.value === NOT_DISTINCT) {
      throw notModelled(`operator ${word.value}`);
    }
    if (word.value === '(') this.selects.push(undefined);
    if (word.value === ')') this.selects.pop();
    // `a -1` is a difference: the parser wants the spaces.
    const apart = word.value === '-' || word.value === '+';
    this.emit(word.value, word.spaced || apart);
    if (apart) this.text += ' ';
    this.at += 1;
  }

  private name(word: Word): void {
    if (isSign(this.peek(1), '=>')) return this.argument(word);
    if (word.value === 'with' && isName(this.peek(1), 'recursive')) {
      throw notModelled('WITH RECURSIVE');
    }
    if (word.value === 'for' && this.lockingClause()) return;
    if (word.value === 'is' && this.distinct()) return;
    if (word.value === 'interval' && this.peek(1)?.kind === 'string') {
      const field = this.peek(2);
      if (isName(field, ...INTERVAL_FIELDS)) throw notModelled('INTERVAL with fields');
    }
    if (word.value === 'conflict' && isSign(this.peek(1), '(')) this.refusePredicate();
    if (word.value === 'default' && isName(this.peek(1), 'values')) {
      throw notModelled('INSERT … DEFAULT VALUES');
    }
    this.emit(word.text, word.spaced);
    if (word.value === 'select' && !isSign(this.words[this.at - 1], '.')) {
      this.selects[this.selects.length - 1] = this.text.length - word.text.length;
    }
    this.at += 1;
  }

  private argument(word: Word): void {
    this.emit(`"${ARGUMENT}${word.value}" =`, word.spaced);
    this.at += 2;
  }

  /** IS [NOT] DISTINCT FROM. */
  private distinct(): boolean {
    const negated = isName(this.peek(1), 'not');
    const from = negated ? 3 : 2;
    if (!isName(this.peek(from - 1), 'distinct') || !isName(this.peek(from), 'from')) return false;
    this.emit(negated ? NOT_DISTINCT : DISTINCT, true);
    this.at += from + 1;
    return true;
  }

  /** A partial index as the arbiter of a conflict. */
  private refusePredicate(): void {
    let depth = 0;
    for (let ahead = 1; ; ahead++) {
      const word = this.peek(ahead);
      if (word === undefined) return;
      if (isSign(word, '(')) depth += 1;
      if (!isSign(word, ')')) continue;
      depth -= 1;
      if (depth > 0) continue;
      if (isName(this.peek(ahead + 1), 'where')) throw notModelled('ON CONFLICT (…) WHERE');
      return;
    }
  }

  private lockingClause(): boolean {
    const mode = this.lockMode();
    if (mode === undefined) return false;
    const of: string[] = [];
    if (isName(this.words[this.at], 'of')) {
      do {
        this.at += 1;
        const table = this.words[this.at];
        if (table === undefined) throw syntaxError(undefined);
        of.push(table.value);
        this.at += 1;
      } while (isSign(this.words[this.at], ','));
    }
    const clause: LockingClause = { mode, of, wait: this.waitPolicy() };
    const select = this.selects.at(-1);
    if (select === undefined) throw notModelled('a locking clause here');
    this.locking.set(select, [...(this.locking.get(select) ?? []), clause]);
    return true;
  }

  private lockMode(): RowLockMode | undefined {
    const modes: readonly RowLockMode[] = ['update', 'no key update', 'share', 'key share'];
    for (const mode of modes) {
      const parts = mode.split(' ');
      if (!parts.every((part, index) => isName(this.peek(1 + index), part))) continue;
      this.at += 1 + parts.length;
      return mode;
    }
    return undefined;
  }

  private waitPolicy(): WaitPolicy {
    if (isName(this.words[this.at], 'nowait')) {
      this.at += 1;
      return 'nowait';
    }
    if (!isName(this.words[this.at], 'skip') || !isName(this.peek(1), 'locked')) return 'wait';
    this.at += 2;
    return 'skip locked';
  }
}

export function rewrite(words: readonly Word[]): Rewritten {
  return new Rewriter(words).run();
}

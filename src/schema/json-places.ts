/**
 * Where in a JSON text each of its values stands, or where the text stops being JSON: so that what
 * is wrong with a value can be shown at the value. What is JSON is left to `JSON.parse`, which is
 * asked about every string, number and word.
 */

/** Some of a text: from a character on, up to another; counted in UTF-16 units, as strings are. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** From the whole value to one inside it: names of fields, and numbers of items from 0. */
export type JsonPath = readonly (string | number)[];

/** `faults[0].durationUs`. */
export function wayTo(path: JsonPath): string {
  return path
    .map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${key}`))
    .join('');
}

/** Where a value stands, with all that is inside it. */
export interface Place extends Span {
  /** Its key, with the quotes; items of a list and the whole value have none. */
  readonly key?: Span;
  /** Of two fields of one name the last one counts, as it does for `JSON.parse`. */
  readonly members: ReadonlyMap<string | number, Place>;
}

/** Where the values stand; or the first piece that cannot stand where it does. */
export type Layout = { readonly root: Place } | { readonly broken: Span };

export function layoutOf(text: string): Layout {
  const scanner = new Scanner(text);
  try {
    const root = scanner.value();
    scanner.end();
    return { root };
  } catch (error) {
    if (error instanceof Broken) return { broken: error.span };
    throw error;
  }
}

/** What a problem is about: the value, or the key, where that should not be there at all. */
export type About = 'value' | 'key';

/**
 * What to mark of the text. Of a list or an object that is its key, or the bracket that opens it;
 * of what is missing, the object that should have it.
 */
export function spanOf(root: Place, path: JsonPath, about: About = 'value'): Span {
  let place = root;
  for (const step of path) {
    const member = place.members.get(step);
    if (member === undefined) return headOf(place);
    place = member;
  }
  if (about === 'key') return headOf(place);
  return place.members.size === 0 ? { from: place.from, until: place.until } : headOf(place);
}

function headOf({ key, from }: Place): Span {
  return key ?? { from, until: from + 1 };
}

class Broken extends Error {
  constructor(readonly span: Span) {
    super('no JSON');
  }
}

/** A bracket, a comma or a colon; a string; or all up to the next of these. */
const PIECE = /[[\]{},:]|"(?:[^"\\]|\\.)*"|[^ \t\n\r[\]{},:"]+|"/sy;
const SPACE = /[ \t\n\r]*/y;

class Scanner {
  /** The piece in hand; '' at the end of the text. */
  private piece = '';
  private from = 0;
  private until = 0;

  constructor(private readonly text: string) {
    // Some editors begin a file with a mark of its byte order.
    if (text.startsWith('\uFEFF')) this.until = 1;
    this.next();
  }

  value(key?: Span): Place {
    const { from, piece } = this;
    const members = new Map<string | number, Place>();
    if (piece === '{') this.inside('}', () => this.field(members));
    else if (piece === '[') {
      this.inside(']', () => {
        members.set(members.size, this.value());
      });
    } else this.scalar();
    const until = this.until;
    this.next();
    return { from, until, members, ...(key !== undefined && { key }) };
  }

  end(): void {
    if (this.piece !== '') this.fail();
  }

  /** Members with commas between them; the closing bracket is in hand afterwards. */
  private inside(close: string, member: () => void): void {
    this.next();
    if (this.piece === close) return;
    for (;;) {
      member();
      if (this.piece === close) return;
      if (this.piece !== ',') this.fail();
      this.next();
    }
  }

  private field(members: Map<string | number, Place>): void {
    const key = { from: this.from, until: this.until };
    if (!this.piece.startsWith('"')) this.fail();
    const name = this.scalar() as string;
    this.next();
    if (this.piece !== ':') this.fail();
    this.next();
    members.set(name, this.value(key));
  }

  private scalar(): unknown {
    try {
      return JSON.parse(this.piece);
    } catch {
      return this.fail();
    }
  }

  private next(): void {
    SPACE.lastIndex = this.until;
    SPACE.exec(this.text);
    PIECE.lastIndex = this.from = SPACE.lastIndex;
    this.piece = PIECE.exec(this.text)?.[0] ?? '';
    this.until = this.from + this.piece.length;
  }

  private fail(): never {
    throw new Broken({ from: this.from, until: this.until });
  }
}

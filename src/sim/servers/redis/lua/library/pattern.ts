/**
 * Lua patterns (manual, §5.4.1): a backtracking matcher that reads the pattern as it goes, as the
 * reference implementation does, so that a malformed pattern fails when, and only when, matching
 * gets there.
 */
import type { Run } from '../runtime/run.js';
import type { LuaValue } from '../runtime/value.js';

const MAX_CAPTURES = 32;
/** Pattern items being matched inside each other; the reference implementation has no limit. */
const MAX_DEPTH = 1000;
const UNFINISHED = -1;
const POSITION = -2;
const NO_MATCH = -1;

const [PERCENT, OPEN, CLOSE, DOT] = [0x25, 0x28, 0x29, 0x2e];
const [STAR, PLUS, MINUS, QUESTION] = [0x2a, 0x2b, 0x2d, 0x3f];
const [BRACKET, BRACKET_END, CARET, DOLLAR] = [0x5b, 0x5d, 0x5e, 0x24];
const [LETTER_B, LETTER_F, DIGIT_0, DIGIT_9] = [0x62, 0x66, 0x30, 0x39];

export class Matcher {
  private captureCount = 0;
  private readonly starts: number[] = [];
  private readonly lengths: number[] = [];
  private depth = 0;

  /** `pattern` without an anchor; the matcher is used for one subject at many places. */
  constructor(
    private readonly run: Run,
    private readonly subject: string,
    private readonly pattern: string,
  ) {}

  /** Where a match that starts at `start` ends; −1 if there is none. */
  matchAt(start: number): number {
    this.captureCount = 0;
    return this.match(start, 0);
  }

  /** The captures of the last match, or all of it (from `start` to `end`) if there are none. */
  captures(start: number, end: number): LuaValue[] {
    const count = this.captureCount === 0 ? 1 : this.captureCount;
    return Array.from({ length: count }, (_, i) => this.capture(i, start, end));
  }

  /** As `captures`, but nothing for a pattern without captures. */
  explicitCaptures(): LuaValue[] {
    return this.captureCount === 0 ? [] : this.captures(0, 0);
  }

  capture(index: number, start: number, end: number): LuaValue {
    if (index >= this.captureCount) {
      if (index !== 0) return this.run.fail('invalid capture index');
      return this.subject.slice(start, end);
    }
    const from = this.starts[index]!;
    const length = this.lengths[index]!;
    if (length === UNFINISHED) return this.run.fail('unfinished capture');
    return length === POSITION ? from + 1 : this.subject.slice(from, from + length);
  }

  /** A character of the pattern; 0 past its end. */
  private at(p: number): number {
    return p < this.pattern.length ? this.pattern.charCodeAt(p) : 0;
  }

  private match(start: number, from: number): number {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) this.run.exceed(`${MAX_DEPTH} pattern items`);
    const end = this.matchItems(start, from);
    this.depth -= 1;
    return end;
  }

  private matchItems(start: number, from: number): number {
    let s = start;
    let p = from;
    for (;;) {
      this.run.charge(1);
      const item = this.at(p);
      if (p >= this.pattern.length) return s;
      if (item === OPEN) return this.startCapture(s, p);
      if (item === CLOSE) return this.endCapture(s, p + 1);
      if (item === DOLLAR && p + 1 === this.pattern.length) {
        return s === this.subject.length ? s : NO_MATCH;
      }
      const special = item === PERCENT ? this.matchSpecial(s, p) : undefined;
      if (special !== undefined) {
        if (special.s === NO_MATCH) return NO_MATCH;
        s = special.s;
        p = special.p;
        continue;
      }
      const end = this.classEnd(p);
      const suffix = this.at(end);
      if (suffix === STAR) return this.matchLongest(s, p, end);
      if (suffix === MINUS) return this.matchShortest(s, p, end);
      const isMatch = s < this.subject.length && this.matchSingle(s, p, end);
      if (suffix === PLUS) return isMatch ? this.matchLongest(s + 1, p, end) : NO_MATCH;
      if (suffix === QUESTION) {
        const found = isMatch ? this.match(s + 1, end + 1) : NO_MATCH;
        if (found !== NO_MATCH) return found;
        p = end + 1;
        continue;
      }
      if (!isMatch) return NO_MATCH;
      s += 1;
      p = end;
    }
  }

  /** `%b`, `%f` and `%1`; `undefined` for a class such as `%a`. */
  private matchSpecial(s: number, p: number): { s: number; p: number } | undefined {
    const kind = this.at(p + 1);
    if (kind === LETTER_B) return { s: this.matchBalanced(s, p + 2), p: p + 4 };
    if (kind === LETTER_F) {
      if (this.at(p + 2) !== BRACKET) this.run.fail("missing '[' after '%f' in pattern");
      const end = this.classEnd(p + 2);
      const before = s === 0 ? 0 : this.subject.charCodeAt(s - 1);
      const after = s < this.subject.length ? this.subject.charCodeAt(s) : 0;
      const isFrontier = !this.inSet(before, p + 2, end - 1) && this.inSet(after, p + 2, end - 1);
      return { s: isFrontier ? s : NO_MATCH, p: end };
    }
    if (kind < DIGIT_0 || kind > DIGIT_9) return undefined;
    return { s: this.matchCapture(s, kind - DIGIT_0 - 1), p: p + 2 };
  }

  private startCapture(s: number, p: number): number {
    const isPosition = this.at(p + 1) === CLOSE;
    const index = this.captureCount;
    if (index >= MAX_CAPTURES) this.run.fail('too many captures');
    this.starts[index] = s;
    this.lengths[index] = isPosition ? POSITION : UNFINISHED;
    this.captureCount += 1;
    const end = this.match(s, isPosition ? p + 2 : p + 1);
    if (end === NO_MATCH) this.captureCount -= 1;
    return end;
  }

  private endCapture(s: number, p: number): number {
    let index = this.captureCount - 1;
    while (index >= 0 && this.lengths[index] !== UNFINISHED) index -= 1;
    if (index < 0) this.run.fail('invalid pattern capture');
    this.lengths[index] = s - this.starts[index]!;
    const end = this.match(s, p);
    if (end === NO_MATCH) this.lengths[index] = UNFINISHED;
    return end;
  }

  private matchCapture(s: number, index: number): number {
    const length = this.lengths[index];
    if (index < 0 || index >= this.captureCount || length === undefined || length === UNFINISHED) {
      this.run.fail('invalid capture index');
    }
    if (length === POSITION) return NO_MATCH;
    const from = this.starts[index]!;
    const text = this.subject.slice(from, from + length);
    return this.subject.startsWith(text, s) ? s + length : NO_MATCH;
  }

  private matchBalanced(s: number, p: number): number {
    if (p + 1 >= this.pattern.length) this.run.fail('unbalanced pattern');
    const open = this.at(p);
    const close = this.at(p + 1);
    if (s >= this.subject.length || this.subject.charCodeAt(s) !== open) return NO_MATCH;
    let depth = 1;
    for (let i = s + 1; i < this.subject.length; i++) {
      const code = this.subject.charCodeAt(i);
      if (code === close) depth -= 1;
      else if (code === open) depth += 1;
      if (depth === 0) return i + 1;
    }
    return NO_MATCH;
  }

  private matchLongest(start: number, p: number, end: number): number {
    let s = start;
    while (s < this.subject.length && this.matchSingle(s, p, end)) s += 1;
    this.run.charge(s - start);
    for (; s >= start; s--) {
      const found = this.match(s, end + 1);
      if (found !== NO_MATCH) return found;
    }
    return NO_MATCH;
  }

  private matchShortest(start: number, p: number, end: number): number {
    for (let s = start; ; s++) {
      const found = this.match(s, end + 1);
      if (found !== NO_MATCH) return found;
      if (s >= this.subject.length || !this.matchSingle(s, p, end)) return NO_MATCH;
    }
  }

  /** The place after the single-character class that starts at `p`. */
  private classEnd(p: number): number {
    const first = this.at(p);
    if (first === PERCENT) {
      if (p + 1 >= this.pattern.length) this.run.fail("malformed pattern (ends with '%')");
      return p + 2;
    }
    if (first !== BRACKET) return p + 1;
    let end = this.at(p + 1) === CARET ? p + 2 : p + 1;
    do {
      if (end >= this.pattern.length) this.run.fail("malformed pattern (missing ']')");
      const isEscape = this.at(end) === PERCENT;
      end += isEscape && end + 1 < this.pattern.length ? 2 : 1;
    } while (this.at(end) !== BRACKET_END);
    return end + 1;
  }

  private matchSingle(s: number, p: number, end: number): boolean {
    const code = this.subject.charCodeAt(s);
    const item = this.at(p);
    if (item === DOT) return true;
    if (item === PERCENT) return isInClass(code, this.at(p + 1));
    return item === BRACKET ? this.inSet(code, p, end - 1) : item === code;
  }

  /** Whether a character is in the set whose brackets are at `open` and `close`. */
  private inSet(code: number, open: number, close: number): boolean {
    const isComplement = this.at(open + 1) === CARET;
    for (let p = isComplement ? open + 2 : open + 1; p < close; p++) {
      if (this.at(p) === PERCENT) {
        p += 1;
        if (isInClass(code, this.at(p))) return !isComplement;
      } else if (this.at(p + 1) === MINUS && p + 2 < close) {
        if (this.at(p) <= code && code <= this.at(p + 2)) return !isComplement;
        p += 2;
      } else if (this.at(p) === code) {
        return !isComplement;
      }
    }
    return isComplement;
  }
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  a: /[A-Za-z]/,
  d: /\d/,
  l: /[a-z]/,
  p: /[!-/:-@[-`{-~]/,
  s: /[\t-\r ]/,
  u: /[A-Z]/,
  w: /[A-Za-z\d]/,
  x: /[A-Fa-f\d]/,
};

/** Whether a character is in the class a letter stands for; a capital stands for the complement. */
function isInClass(code: number, letterCode: number): boolean {
  const letter = String.fromCharCode(letterCode);
  const lower = letter.toLowerCase();
  const isMember = isInLowerClass(code, lower);
  if (isMember === undefined) return letterCode === code;
  return letter === lower ? isMember : !isMember;
}

function isInLowerClass(code: number, letter: string): boolean | undefined {
  if (letter === 'c') return code < 32 || code === 127;
  if (letter === 'z') return code === 0;
  const set = /^[a-z]$/.test(letter) ? CLASSES[letter] : undefined;
  return set?.test(String.fromCharCode(code));
}

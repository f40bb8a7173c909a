/**
 * The digest of a run (docs/semantics.md, R14): two lanes of 32-bit folding over everything that
 * happened, in order. Equal digests mean the same run. Payloads are hashed once, where they are
 * made; the fold sees their hash.
 */
import type { PropertyVerdict } from './verdict.js';

/** Shorter texts are hashed as fast as they are looked up. */
const KNOWN_FROM_LENGTH = 4;
/**
 * Texts hashed lately, at a place made from the length and two characters: actions, keys and
 * scripts come by again and again.
 */
const knownTexts: string[] = new Array(1024).fill('');
const knownHashes = new Int32Array(knownTexts.length);

/** 32-bit hash of a string (FNV-1a over UTF-16 code units, then mixed). */
export function hashString(text: string): number {
  const { length } = text;
  if (length < KNOWN_FROM_LENGTH) return hashCharacters(text);
  const characters = text.charCodeAt(1) * 8 + text.charCodeAt(length - 1);
  const place = (length * 64 + characters) & (knownHashes.length - 1);
  if (knownTexts[place] === text) return knownHashes[place]!;
  const hash = hashCharacters(text);
  knownTexts[place] = text;
  knownHashes[place] = hash;
  return hash;
}

function hashCharacters(text: string): number {
  let h = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    h = Math.imul(h ^ text.charCodeAt(index), 0x01000193);
  }
  return (h ^ (h >>> 15)) | 0;
}

/** Folds a word into a 32-bit state. */
export function fold(state: number, word: number): number {
  const h = Math.imul(state ^ word, 0x9e3779b1);
  return (h ^ (h >>> 15)) | 0;
}

/** Where the hash of an object or an array begins. */
export const OBJECT = 11;

/** Hash of any plain value; the order of array entries counts, that of object keys does not. */
export function hashValue(value: unknown): number {
  if (typeof value === 'string') return fold(1, hashString(value));
  if (typeof value === 'number') return hashNumber(value);
  if (value === null || value === undefined) return 3;
  if (typeof value === 'boolean') return value ? 5 : 7;
  let h = OBJECT;
  if (Array.isArray(value)) {
    for (const item of value) h = fold(h, hashValue(item));
    return fold(h, value.length);
  }
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, item] of entries) {
    h = fold(fold(h, hashString(name)), hashValue(item));
  }
  return h;
}

function hashNumber(value: number): number {
  if (Number.isInteger(value)) {
    const low = value | 0;
    return fold(fold(2, low), ((value - (low >>> 0)) / 0x1_0000_0000) | 0);
  }
  return fold(9, hashString(String(value)));
}

/** Stands for a number that is not there; no number that a record holds is likely to be it. */
const NO_NUMBER = 0x6b8b4567;

/** Accumulates the digest of one run. */
export class Digest {
  private a = 0x2545f491;
  private b = 0x6c62272e;

  word(word: number): void {
    const a = Math.imul(this.a ^ word, 0x85ebca6b);
    this.a = (a << 13) | (a >>> 19);
    const b = Math.imul(this.b + word, 0xc2b2ae35);
    this.b = b ^ (b >>> 13);
  }

  /** A number up to 2^53: one word mostly, two that are told apart from it if it takes them. */
  number(value: number): void {
    const low = value | 0;
    if (low === value) return this.word(low);
    this.word(~low);
    this.word((value / 0x1_0000_0000) | 0);
  }

  /** A text, or that there is none. */
  text(text: string | undefined): void {
    this.word(text === undefined ? 3 : hashString(text));
  }

  /** A number, or that there is none. */
  optional(value: number | null | undefined): void {
    if (value === undefined || value === null) this.word(NO_NUMBER);
    else this.number(value);
  }

  value(value: unknown): void {
    this.word(hashValue(value));
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    return hex(this.a) + hex(this.b);
  }
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** A word as eight hexadecimal digits, by table: V8 spells out the digits of a number slowly. */
function hex(word: number): string {
  const high = BYTES[word >>> 24]! + BYTES[(word >>> 16) & 255]!;
  return high + BYTES[(word >>> 8) & 255]! + BYTES[word & 255]!;
}

/** Digest of a run with its verdicts and classes, the last part of R14's order. */
export function digestVerdicts(run: string, properties: readonly PropertyVerdict[]): string {
  const digest = new Digest();
  digest.value(run);
  for (const { property, verdict, class: violationClass } of properties) {
    digest.value(property);
    digest.value(verdict);
    digest.value(violationClass);
  }
  return digest.toString();
}

/** Digest of a campaign: run digests folded in order of run index (R14). */
export function foldDigests(digests: readonly string[]): string {
  const digest = new Digest();
  for (const text of digests) digest.value(text);
  return digest.toString();
}

/**
 * What a key holds. An entry never changes: a write puts a new one in its place, so that the change
 * log and observers can keep the old one. (The collection inside it is copied on write only while
 * something may still ask for the old state, see `Keyspace.draft…`.)
 */
import type { SortedSet } from './sorted-set.js';

interface Expiring {
  /** When it expires, in milliseconds of the server's wall clock; absent: never. */
  readonly expireAtMs?: number;
}

export interface StringEntry extends Expiring {
  readonly type: 'string';
  readonly value: string;
}
export interface HashEntry extends Expiring {
  readonly type: 'hash';
  readonly fields: Map<string, string>;
}
export interface ListEntry extends Expiring {
  readonly type: 'list';
  readonly items: string[];
}
export interface SetEntry extends Expiring {
  readonly type: 'set';
  readonly members: Set<string>;
}
export interface SortedSetEntry extends Expiring {
  readonly type: 'zset';
  readonly sorted: SortedSet;
}

export type Entry = StringEntry | HashEntry | ListEntry | SetEntry | SortedSetEntry;
export type EntryType = Entry['type'];

export function stringEntry(value: string, expireAtMs: number | undefined): StringEntry {
  return expireAtMs === undefined
    ? { type: 'string', value }
    : { type: 'string', value, expireAtMs };
}

export function hashEntry(fields: Map<string, string>, expireAtMs: number | undefined): HashEntry {
  return expireAtMs === undefined ? { type: 'hash', fields } : { type: 'hash', fields, expireAtMs };
}

export function listEntry(items: string[], expireAtMs: number | undefined): ListEntry {
  return expireAtMs === undefined ? { type: 'list', items } : { type: 'list', items, expireAtMs };
}

export function setEntry(members: Set<string>, expireAtMs: number | undefined): SetEntry {
  return expireAtMs === undefined ? { type: 'set', members } : { type: 'set', members, expireAtMs };
}

export function sortedSetEntry(sorted: SortedSet, expireAtMs: number | undefined): SortedSetEntry {
  return expireAtMs === undefined ? { type: 'zset', sorted } : { type: 'zset', sorted, expireAtMs };
}

/** The same content with another expiry. */
export function withExpiry(entry: Entry, expireAtMs: number | undefined): Entry {
  switch (entry.type) {
    case 'string':
      return stringEntry(entry.value, expireAtMs);
    case 'hash':
      return hashEntry(entry.fields, expireAtMs);
    case 'list':
      return listEntry(entry.items, expireAtMs);
    case 'set':
      return setEntry(entry.members, expireAtMs);
    case 'zset':
      return sortedSetEntry(entry.sorted, expireAtMs);
  }
}

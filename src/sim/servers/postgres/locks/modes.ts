/**
 * Lock modes and what excludes what: of tables and everything kept by the lock manager, and of rows
 * (PostgreSQL documentation, "Explicit Locking", tables 13.2 and 13.3).
 */
import type { RowLockMode } from '../syntax/rewrite.js';

/** Numbers of lock modes, as in lockdefs.h. */
export const ACCESS_SHARE = 1;
export const ROW_SHARE = 2;
export const ROW_EXCLUSIVE = 3;
export const SHARE_UPDATE_EXCLUSIVE = 4;
export const SHARE = 5;
export const SHARE_ROW_EXCLUSIVE = 6;
export const EXCLUSIVE = 7;
export const ACCESS_EXCLUSIVE = 8;

const bits = (...modes: readonly number[]): number =>
  modes.reduce((mask, mode) => mask | (1 << mode), 0);

/** By mode: the modes it excludes, as bits. */
export const CONFLICTS: readonly number[] = [
  0,
  bits(ACCESS_EXCLUSIVE),
  bits(EXCLUSIVE, ACCESS_EXCLUSIVE),
  bits(SHARE, SHARE_ROW_EXCLUSIVE, EXCLUSIVE, ACCESS_EXCLUSIVE),
  bits(SHARE_UPDATE_EXCLUSIVE, SHARE, SHARE_ROW_EXCLUSIVE, EXCLUSIVE, ACCESS_EXCLUSIVE),
  bits(ROW_EXCLUSIVE, SHARE_UPDATE_EXCLUSIVE, SHARE_ROW_EXCLUSIVE, EXCLUSIVE, ACCESS_EXCLUSIVE),
  bits(
    ROW_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    SHARE,
    SHARE_ROW_EXCLUSIVE,
    EXCLUSIVE,
    ACCESS_EXCLUSIVE,
  ),
  bits(
    ROW_SHARE,
    ROW_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    SHARE,
    SHARE_ROW_EXCLUSIVE,
    EXCLUSIVE,
    ACCESS_EXCLUSIVE,
  ),
  bits(
    ACCESS_SHARE,
    ROW_SHARE,
    ROW_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    SHARE,
    SHARE_ROW_EXCLUSIVE,
    EXCLUSIVE,
    ACCESS_EXCLUSIVE,
  ),
];

export const MODE_NAMES: readonly string[] = [
  '',
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

const TABLE_MODES: ReadonlyMap<string, number> = new Map([
  ['access share', ACCESS_SHARE],
  ['row share', ROW_SHARE],
  ['row exclusive', ROW_EXCLUSIVE],
  ['share update exclusive', SHARE_UPDATE_EXCLUSIVE],
  ['share', SHARE],
  ['share row exclusive', SHARE_ROW_EXCLUSIVE],
  ['exclusive', EXCLUSIVE],
  ['access exclusive', ACCESS_EXCLUSIVE],
]);

/** The mode of `LOCK TABLE … IN … MODE`. */
export const tableMode = (name: string): number | undefined => TABLE_MODES.get(name);

/** Modes of row locks, weakest first. */
export const KEY_SHARE = 0;
export const ROW_LOCK_SHARE = 1;
export const NO_KEY_UPDATE = 2;
export const UPDATE = 3;
export type RowMode = 0 | 1 | 2 | 3;

export const ROW_MODE_NAMES: readonly RowLockMode[] = [
  'key share',
  'share',
  'no key update',
  'update',
];

export const rowMode = (name: RowLockMode): RowMode => ROW_MODE_NAMES.indexOf(name) as RowMode;

/** Whether two row locks exclude each other: their strengths add up to 3 or more. */
export function rowModesConflict(a: RowMode, b: RowMode): boolean {
  return a + b >= UPDATE;
}

/** The lock on the tuple that says who is next for a row lock (tupleLockExtraInfo). */
export const TUPLE_MODES: readonly number[] = [
  ACCESS_SHARE,
  ROW_SHARE,
  EXCLUSIVE,
  ACCESS_EXCLUSIVE,
];

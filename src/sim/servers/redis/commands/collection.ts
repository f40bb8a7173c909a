/**
 * What the commands on hashes, lists, sets and sorted sets have in common: a key holds one type,
 * and a collection is deleted with its last element (`db.c`, `t_hash.c`, `t_list.c` …).
 */
import type { Context } from '../context.js';
import type { Entry, EntryType } from '../entry.js';
import { WRONG_TYPE } from '../errors.js';
import { GENERIC, notify } from '../notifications.js';
import type { RedisError } from '../reply.js';

type EntryOf<T extends EntryType> = Extract<Entry, { readonly type: T }>;

/** Looks up keys of a type: undefined without the key, an error if it is of another type. */
export function lookup<T extends EntryType>(
  type: T,
): (context: Context, key: string) => EntryOf<T> | undefined | RedisError {
  return ({ keyspace }, key) => {
    const entry = keyspace.find(key);
    if (entry === undefined) return undefined;
    return entry.type === type ? (entry as EntryOf<T>) : WRONG_TYPE;
  };
}

/** Puts back a changed collection, or deletes the key of an empty one; tells of both. */
export function storing<C>(
  eventClass: number,
  entryOf: (content: C, expireAtMs: number | undefined) => Entry,
  sizeOf: (content: C) => number,
) {
  return (
    context: Context,
    key: string,
    before: Entry | undefined,
    content: C,
    event: string,
  ): void => {
    const isEmpty = sizeOf(content) === 0;
    if (isEmpty && before !== undefined) context.keyspace.remove(key, before);
    else context.keyspace.put(key, before, entryOf(content, before?.expireAtMs));
    notify(context, eventClass, event, key);
    if (isEmpty) notify(context, GENERIC, 'del', key);
  };
}

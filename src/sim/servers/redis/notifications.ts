/**
 * Keyspace notifications (`notify.c`): off by default, switched on by CONFIG SET
 * notify-keyspace-events. The classes `n` (new key) and `m` (key miss) are not modelled.
 */
import type { Context } from './context.js';

/** Bits of the classes that can be switched on, by their letter. */
export const EVENT_CLASSES: Readonly<Record<string, number>> = {
  g: 1,
  $: 2,
  l: 4,
  s: 8,
  h: 16,
  z: 32,
  x: 64,
  e: 128,
  t: 256,
  d: 512,
  K: 1024,
  E: 2048,
};

export const GENERIC = 1;
export const STRING = 2;
export const LIST = 4;
export const SET = 8;
export const HASH = 16;
export const SORTED_SET = 32;
export const EXPIRED = 64;
/** The classes the letter `A` stands for. */
export const ALL_CLASSES = 1023;
const KEYSPACE = 1024;
const KEYEVENT = 2048;

/** Reads the letters of CONFIG SET; undefined for a letter that is not modelled or not known. */
export function parseEventClasses(letters: string): number | undefined {
  let flags = 0;
  for (const letter of letters) {
    const flag = letter === 'A' ? ALL_CLASSES : EVENT_CLASSES[letter];
    if (flag === undefined) return undefined;
    flags |= flag;
  }
  return flags;
}

/** The letters CONFIG GET shows, in its order. */
export function formatEventClasses(flags: number): string {
  const letters =
    (flags & ALL_CLASSES) === ALL_CLASSES
      ? 'A'
      : ['g', '$', 'l', 's', 'h', 'z', 'x', 'e', 't', 'd']
          .filter((letter) => (flags & EVENT_CLASSES[letter]!) !== 0)
          .join('');
  return `${letters}${(flags & KEYSPACE) !== 0 ? 'K' : ''}${(flags & KEYEVENT) !== 0 ? 'E' : ''}`;
}

/** Tells subscribers of an event of a key, if the configuration asks for its class. */
export function notify(context: Context, eventClass: number, event: string, key: string): void {
  const flags = context.config.events;
  if ((flags & eventClass) === 0) return;
  if ((flags & KEYSPACE) !== 0) context.pubsub.publish(`__keyspace@0__:${key}`, event);
  if ((flags & KEYEVENT) !== 0) context.pubsub.publish(`__keyevent@0__:${event}`, key);
}

/**
 * The lessons by name, in the order in which they are taught, each loaded when it is opened: a page
 * that lists them all needs one of them.
 */
import type { Lesson } from './lesson.js';

export interface Entry {
  /** Stands in permalinks, and never changes. */
  readonly id: string;
  readonly title: string;
  readonly minutes: number;
  /** Numbers of the steps that ask something or set a task. */
  readonly tries: readonly number[];
  readonly load: () => Promise<Lesson>;
}

/** What it says of a lesson is what the lesson says; a test compares them. */
export const CATALOGUE: readonly Entry[] = [
  {
    id: 'one-holder',
    title: 'One lock, one holder',
    minutes: 3,
    tries: [2, 3, 4, 5, 6],
    load: async () => (await import('./01-one-holder.js')).oneHolder,
  },
  {
    id: 'never-came-back',
    title: 'The holder who never came back',
    minutes: 3,
    tries: [1, 3, 4],
    load: async () => (await import('./02-never-came-back.js')).neverCameBack,
  },
  {
    id: 'too-short-a-lease',
    title: 'Too short a lease',
    minutes: 3,
    tries: [1, 2, 4],
    load: async () => (await import('./03-too-short-a-lease.js')).tooShort,
  },
  {
    id: 'whose-key',
    title: 'Why releasing needs an owner',
    minutes: 4,
    tries: [1, 2, 4],
    load: async () => (await import('./04-whose-key.js')).whoseKey,
  },
  {
    id: 'two-steps',
    title: 'Check, then delete, is two steps',
    minutes: 4,
    tries: [2, 3, 4, 5],
    load: async () => (await import('./05-two-steps.js')).twoSteps,
  },
  {
    id: 'the-pause',
    title: 'The pause that breaks every lease',
    minutes: 3,
    tries: [1, 2, 3, 4],
    load: async () => (await import('./06-the-pause.js')).thePause,
  },
  {
    id: 'check-before-writing',
    title: '“I will just check before I write”',
    minutes: 4,
    tries: [1, 2, 4],
    load: async () => (await import('./07-check-before-writing.js')).checkBeforeWriting,
  },
  {
    id: 'fencing',
    title: 'Fencing tokens save the day',
    minutes: 4,
    tries: [2, 3, 4],
    load: async () => (await import('./08-fencing.js')).fencing,
  },
  {
    id: 'delayed-packet',
    title: 'A delayed packet is a pause too',
    minutes: 4,
    tries: [1, 2, 3, 4],
    load: async () => (await import('./09-delayed-packet.js')).delayedPacket,
  },
  {
    id: 'the-watchdog',
    title: 'The watchdog',
    minutes: 4,
    tries: [1, 2, 3, 4],
    load: async () => (await import('./10-the-watchdog.js')).theWatchdog,
  },
];

/** Those to begin with: 20 minutes from what a lock is to why a lease is not enough. */
export const FIRST_PATH: readonly Entry[] = CATALOGUE.slice(0, 6);

/** Where a step is found, from 1; it stays where it is as long as the lesson has that step. */
export function permalink({ id }: Pick<Entry, 'id'>, step: number): string {
  return `#/learn/${id}/${step}`;
}

/** Lesson 1: what a lock is, who gives it, and when it truly is held. */
import type { Anchor } from './anchor.js';
import type { Lesson } from './lesson.js';
import {
  all,
  beliefBeginsAt,
  beliefEndsFirst,
  comesBefore,
  counterShows,
  freeAt,
  granted,
  happens,
  heldAt,
  oneAtATime,
  refused,
  truthBeginsAt,
  truthEndsFirst,
  wrote,
} from './predicates.js';
import { startOf, worker } from './start.js';

const asks: Anchor = { type: 'invoke', operation: 'A1', action: 'acquire' };
const stored: Anchor = { type: 'lease', operation: 'A1' };
const answered: Anchor = { type: 'ok', operation: 'A1', action: 'acquire' };
const releases: Anchor = { type: 'invoke', operation: 'A1', action: 'release' };
const given: Anchor = { type: 'lease-end', cause: 'released' };
const next: Anchor = { type: 'lease', operation: 'B1' };

export const oneHolder: Lesson = {
  id: 'one-holder',
  title: 'One lock, one holder',
  minutes: 3,
  start: startOf({
    algorithm: 'set-nx',
    ttlMs: 10_000,
    waitMs: 30_000,
    clients: [
      worker('A', { afterMs: 0, forMs: 2_000 }),
      worker('B', { afterMs: 500, forMs: 2_000 }),
    ],
  }),
  steps: [
    {
      say:
        'Two programs, the clients A and B, add 1 to the same counter: read it, work for ' +
        '{work}, write it back. If both do so at once, one of the two is lost. So only the ' +
        'holder of a lock may work. The lock is a key on the server r1, the counter lies in ' +
        'the store: the resource.',
      values: { work: { section: 'A1' } },
      show: ['sections', 'accesses'],
    },
    {
      say:
        'A asks the server: set the key “orders”, but only if nobody has. Each message takes a ' +
        'moment, here {trip}: one there, one back.',
      values: { trip: { from: asks, until: stored } },
      at: asks,
      zoom: [asks, { type: 'enter', client: 'A' }],
      show: ['truth', 'messages'],
      ask: {
        question: 'From when on does A hold the lock?',
        hides: asks,
        options: [
          { text: 'When A sends its request', holds: truthBeginsAt(asks) },
          { text: 'When the server has set the key', holds: truthBeginsAt(stored) },
          { text: 'When the answer reaches A', holds: truthBeginsAt(answered) },
        ],
        why:
          'The server decides. From the moment it has set the key, everybody else is turned ' +
          'away, although A does not know it yet.',
      },
    },
    {
      say:
        'A learns of it one message later, and from then on it believes that it holds the ' +
        'lock. Truth and belief are two bars, and most of what goes wrong with locks goes ' +
        'wrong where they differ. Now look at their other ends: A is done and gives the lock ' +
        'back.',
      at: releases,
      zoom: [releases, { type: 'ok', operation: 'A1', action: 'release' }],
      show: ['truth', 'belief', 'messages'],
      claims: [truthBeginsAt(stored), beliefBeginsAt(answered)],
      ask: {
        question: 'Which bar ends first?',
        hides: releases,
        options: [
          { text: 'Belief', holds: beliefEndsFirst },
          { text: 'Truth', holds: truthEndsFirst },
        ],
        why:
          'A stops believing when it asks the server to delete the key, at {belief}; the ' +
          'server does so at {truth}. That is the safe order: A believes later than it holds, ' +
          'and no longer than it holds.',
      },
      values: { belief: { at: releases }, truth: { at: given } },
    },
    {
      say:
        'B comes while A works. The server answers that the key is taken, and B tries again ' +
        'after a short wait. At {release} the server deletes the key for A, which is done.',
      values: { release: { at: given }, gap: { from: given, until: next } },
      at: given,
      zoom: [
        { type: 'invoke', operation: 'B1', action: 'acquire' },
        { type: 'enter', client: 'B' },
      ],
      show: ['truth', 'messages', 'sections'],
      ask: {
        question: 'Who holds the lock right after that?',
        hides: given,
        options: [
          { text: 'B: it was waiting', holds: heldAt('B', given) },
          {
            text: 'Nobody, until B asks again',
            holds: all(freeAt(given), comesBefore(given, next)),
          },
          { text: 'Still A', holds: heldAt('A', given) },
        ],
        why: 'This server tells nobody. The lock is free for {gap}, until B happens to ask again.',
      },
    },
    {
      say: 'Now B has less patience: it gives up {patience} after its first try.',
      values: { patience: { setting: 'waitMs' } },
      plan: [{ set: 'waitMs', to: 1_000 }],
      at: { type: 'invoke', operation: 'B1', action: 'acquire' },
      show: ['truth', 'sections', 'accesses'],
      ask: {
        question: 'What does the counter show once A and B have ended?',
        hides: { type: 'invoke', operation: 'B1', action: 'acquire' },
        options: [
          { text: '1', holds: all(refused('B1'), counterShows(1)) },
          { text: '2', holds: counterShows(2) },
        ],
        why: 'Only A has added 1. B was refused, and a client that is refused must not write.',
      },
    },
    {
      say:
        'B gave up while A was inside, and its work is not done. P, which comes last, is no ' +
        'part of the story: it is a probe, and tries whether the lock can still be had.',
      values: { work: { section: 'A1' } },
      plan: [{ set: 'waitMs', to: 1_000 }],
      at: { type: 'fail', operation: 'B1', action: 'acquire' },
      show: ['truth', 'sections', 'accesses'],
      claims: [refused('B1'), happens({ type: 'enter', client: 'P' })],
      task: {
        says: 'Let B get its turn as well, one after the other.',
        goal: all(granted('B1'), wrote('A'), wrote('B'), oneAtATime),
        offers: [{ field: 'waitMs', from: 100, to: 10_000 }],
        hints: [
          'B gives up before A is done.',
          'A works for {work}, and B comes a quarter of that later: how long must it wait?',
        ],
        solution: [{ set: 'waitMs', to: 3_000 }],
      },
    },
  ],
};

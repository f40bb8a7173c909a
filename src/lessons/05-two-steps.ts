/** Lesson 5: to look and then to delete is two steps, and the world moves on in between. */
import type { Anchor } from './anchor.js';
import type { Lesson } from './lesson.js';
import {
  all,
  breaks,
  comesBefore,
  happensTimes,
  keeps,
  not,
  oneAtATime,
  uses,
} from './predicates.js';
import { pauseAtCall, startOf, worker } from './start.js';

const begins: Anchor = { type: 'invoke', operation: 'A1', action: 'release' };
const asks: Anchor = { type: 'request', action: 'release', client: 'A' };
const pauses: Anchor = { type: 'host', host: 'A', state: 'paused' };
const next: Anchor = { type: 'lease', operation: 'B1' };

/** Which of its calls to the outside A is at when it sends these; the tests find the same. */
const LOOKS_AT_CLOCK = 14;
const SENDS_FIRST = 18;
const SENDS_DELETE = 19;
const PAUSE_MS = 5_000;

export const twoSteps: Lesson = {
  id: 'two-steps',
  title: 'Check, then delete, is two steps',
  minutes: 4,
  needs: ['whose-key'],
  start: startOf({
    algorithm: 'get-then-delete',
    ttlMs: 4_000,
    waitMs: 20_000,
    clients: [
      worker('A', { afterMs: 0, forMs: 2_000 }),
      worker('B', { afterMs: 500, forMs: 3_000 }),
      worker('C', { afterMs: 1_000, forMs: 1_000 }),
    ],
  }),
  steps: [
    {
      say:
        'This lock knows owners. Its release asks for the value of the key (GET); if that is ' +
        'its own, it tells the server to delete the key (DEL). Two messages: the second one ' +
        'reaches the server at {second}, after the first has been answered.',
      values: { second: { at: { ...asks, nth: 2 } } },
      at: asks,
      zoom: [begins, { type: 'ok', operation: 'A1', action: 'release' }],
      show: ['truth', 'messages'],
      claims: [happensTimes(2, asks), keeps('ownership')],
    },
    {
      say:
        'Now A stands still for {pause} right before it sends GET. Its lease ends, and B gets ' +
        'the lock.',
      values: { pause: { fault: 'f1', size: 'durationUs' }, asked: { at: asks } },
      plan: [{ set: 'fault', to: pauseAtCall(SENDS_FIRST, PAUSE_MS) }],
      at: pauses,
      show: ['truth', 'faults', 'messages'],
      claims: [comesBefore(begins, pauses), comesBefore(pauses, asks), comesBefore(next, asks)],
      ask: {
        question: 'What does A delete when it wakes?',
        hides: pauses,
        options: [
          { text: 'Nothing', holds: all(keeps('ownership'), happensTimes(1, asks)) },
          { text: 'The key of B', holds: breaks('ownership') },
        ],
        why:
          'GET reaches the server at {asked}, and is answered with the owner id of B. A sees ' +
          'that the key is not its own, and sends no DEL. So far the check does its work.',
      },
    },
    {
      say:
        'Whatever A does outside of itself is a call, and a pause can strike at each. Call 14 ' +
        'looks at the clock, 15 writes, 18 sends GET. A pause at call 14 does no harm: A looks ' +
        'when it wakes.',
      plan: [{ set: 'fault', to: pauseAtCall(LOOKS_AT_CLOCK, PAUSE_MS) }],
      at: pauses,
      show: ['truth', 'sections', 'faults', 'messages'],
      claims: [oneAtATime, keeps('ownership')],
      task: {
        says: 'Be the adversary: let the pause strike so that A deletes the key of B.',
        goal: breaks('ownership'),
        offers: [{ field: 'nth', fault: 'f1', from: 1, to: 24 }],
        hints: [
          'Before GET is too early: then A learns that the key is not its own.',
          'After the answer to GET, and before DEL.',
          'DEL is the call right after GET.',
        ],
        solution: [{ set: 'fault', to: pauseAtCall(SENDS_DELETE, PAUSE_MS) }],
      },
    },
    {
      say:
        'The server can do both in one step: a script that compares the value and deletes the ' +
        'key. Nothing comes between the two; such a step is called atomic. Again A stands ' +
        'still, right before it sends the script.',
      values: { arrives: { at: asks } },
      plan: [
        { set: 'algorithm', to: 'set-nx' },
        { set: 'fault', to: pauseAtCall(SENDS_FIRST, PAUSE_MS) },
      ],
      at: pauses,
      show: ['truth', 'faults', 'messages'],
      claims: [comesBefore(begins, pauses), comesBefore(pauses, asks), happensTimes(1, asks)],
      ask: {
        question: 'The script arrives when B holds the lock. What does it do?',
        hides: pauses,
        options: [
          { text: 'It deletes the key of B', holds: breaks('ownership') },
          { text: 'Nothing', holds: all(comesBefore(next, asks), keeps('ownership')) },
        ],
        why:
          'It runs at {arrives}, finds the value of B, and ends. Between its look and its ' +
          'deletion there is no call of A, so there is no place for a pause.',
      },
    },
    {
      say: 'Here is the run again in which A deletes the key of B, with its two messages.',
      plan: [{ set: 'fault', to: pauseAtCall(SENDS_DELETE, PAUSE_MS) }],
      at: pauses,
      show: ['truth', 'faults', 'messages'],
      claims: [comesBefore(asks, pauses), comesBefore(pauses, { ...asks, nth: 2 })],
      task: {
        says:
          'Choose another lock, and show that B keeps its key even if A is paused right before ' +
          'it sends its release.',
        goal: all(
          not(uses('get-then-delete')),
          comesBefore(begins, pauses),
          comesBefore(pauses, asks),
          keeps('ownership'),
        ),
        offers: [
          { field: 'algorithm', among: ['blind-delete', 'get-then-delete', 'set-nx'] },
          { field: 'nth', fault: 'f1', from: 1, to: 24 },
        ],
        hints: [
          'Only one of them compares and deletes in a single step.',
          'With a single message there is no call 19: the pause has to move as well.',
          'Take set-nx, and let the pause strike at call 18.',
        ],
        solution: [
          { set: 'algorithm', to: 'set-nx' },
          { set: 'fault', to: pauseAtCall(SENDS_FIRST, PAUSE_MS) },
        ],
      },
    },
  ],
};

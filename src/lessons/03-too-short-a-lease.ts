/** Lesson 3: the work outlasts the lease, and nothing else is wrong. */
import type { Anchor } from './anchor.js';
import type { Lesson } from './lesson.js';
import {
  all,
  breaks,
  comesBefore,
  counterShows,
  happens,
  not,
  oneAtATime,
  wrote,
} from './predicates.js';
import { KEY_OPTIONS, NO_CLOCK_OPTIONS, startOf, worker } from './start.js';

const expires: Anchor = { type: 'lease-end', cause: 'expired' };
const next: Anchor = { type: 'lease', operation: 'B1' };
const leaves: Anchor = { type: 'exit', client: 'A' };
const reads: Anchor = { type: 'access', access: 'read', client: 'B' };
const writes: Anchor = { type: 'access', access: 'write', client: 'A' };
const hears: Anchor = { type: 'told', host: 'A' };

export const tooShort: Lesson = {
  id: 'too-short-a-lease',
  title: 'Too short a lease',
  minutes: 3,
  needs: ['never-came-back'],
  start: startOf({
    algorithm: 'set-nx-no-validity',
    options: NO_CLOCK_OPTIONS,
    ttlMs: 2_000,
    waitMs: 10_000,
    clients: [
      worker('A', { afterMs: 0, forMs: 3_000 }),
      worker('B', { afterMs: 500, forMs: 1_000 }),
    ],
  }),
  steps: [
    {
      say:
        'This time nothing fails: nobody dies, no message is late. Only, the lease lasts ' +
        '{ttl}, and A works for {work}.',
      values: { ttl: { setting: 'ttlMs' }, work: { section: 'A1' }, end: { at: expires } },
      at: { type: 'enter', client: 'A' },
      show: ['leases', 'sections'],
      ask: {
        question: 'What happens when the lease ends?',
        hides: expires,
        options: [
          { text: 'The server stops A', holds: not(wrote('A')) },
          { text: 'The server waits until A is done', holds: comesBefore(leaves, next) },
          {
            text: 'B gets the lock while A works on',
            holds: all(comesBefore(next, leaves), breaks('mutual-exclusion')),
          },
        ],
        why:
          'The server keeps its promise to the letter: at {end} the key is gone, and the next ' +
          'request of B finds it free. Nobody tells A.',
      },
    },
    {
      say:
        'From {end} on A believes that it holds the lock, and holds nothing: that is unfounded ' +
        'belief, the hatched stretch. When B enters, at {enter}, two are inside.',
      values: {
        end: { at: expires },
        enter: { at: { type: 'enter', client: 'B' } },
        found: { read: 'value', of: reads },
        readAt: { at: reads },
      },
      at: { type: 'enter', client: 'B' },
      show: ['truth', 'belief', 'sections', 'accesses'],
      claims: [
        breaks('mutual-exclusion', 'stale-belief'),
        comesBefore(reads, writes),
        not(happens({ type: 'access', accepted: false })),
      ],
      ask: {
        question: 'Both add 1 to the counter. What does it show when both are done?',
        hides: { type: 'enter', client: 'B' },
        options: [
          { text: '1', holds: all(wrote('A'), wrote('B'), counterShows(1)) },
          { text: '2', holds: counterShows(2) },
        ],
        why:
          'B read {found}, at {readAt}, before A had written its 1. Then it wrote 1 as well. ' +
          'One of the two is lost, and the store has refused nothing.',
      },
    },
    {
      say:
        'A better lock counts the time on the clock of its client, and tells the holder when ' +
        'the lease may be over. A hears it at {told}, and leaves without writing. No overlap ' +
        'any more; but the work of A is not done either.',
      values: { told: { at: hears } },
      plan: [{ set: 'algorithm', to: 'set-nx', options: KEY_OPTIONS }],
      at: hears,
      show: ['truth', 'belief', 'sections'],
      claims: [oneAtATime, not(wrote('A')), wrote('B')],
    },
    {
      say:
        'Back to the lock that tells nobody. Here you know how long the work takes: {work}. In ' +
        'a real program nobody does, and lesson 6 shows why.',
      values: { work: { section: 'A1' } },
      show: ['truth', 'belief', 'leases', 'sections'],
      task: {
        says: 'Let A and B both do their work, each within its lease.',
        goal: all(wrote('A'), wrote('B'), oneAtATime, not(comesBefore(expires, writes))),
        offers: [{ field: 'ttlMs', from: 500, to: 10_000 }],
        hints: [
          'The lease has to end after A has left, not before.',
          'Make the TTL longer than {work}, and add a little for the messages.',
        ],
        solution: [{ set: 'ttlMs', to: 4_000 }],
      },
    },
  ],
};

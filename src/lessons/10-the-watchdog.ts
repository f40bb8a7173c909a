/** Lesson 10: renewal for as long as the work takes, and for as long as it does not end. */
import type { Anchor } from './anchor.js';
import type { Lesson } from './lesson.js';
import {
  all,
  comesBefore,
  granted,
  happens,
  keeps,
  not,
  oneAtATime,
  refused,
  wrote,
} from './predicates.js';
import { operation, pauseAt, startOf, worker } from './start.js';

const leaves: Anchor = { type: 'exit', client: 'A' };
const next: Anchor = { type: 'lease', operation: 'B1' };
const pauses: Anchor = { type: 'host', host: 'A', state: 'paused' };
const expires: Anchor = { type: 'lease-end', cause: 'expired' };
const renewed: Anchor = { type: 'lease', operation: 'A1', extends: true };
const gives: Anchor = { type: 'lease-end', cause: 'released' };
const givesUp: Anchor = { type: 'fail', operation: 'B1', action: 'acquire' };

export const theWatchdog: Lesson = {
  id: 'the-watchdog',
  title: 'The watchdog',
  minutes: 4,
  needs: ['the-pause'],
  source: 'redisson/redisson: docs/data-and-services/locks-and-synchronizers.md (lock watchdog)',
  start: startOf({
    algorithm: 'set-nx-watchdog',
    ttlMs: 3_000,
    waitMs: 10_000,
    clients: [
      worker('A', { afterMs: 0, forMs: 8_000 }),
      worker('B', { afterMs: 500, forMs: 1_000 }),
    ],
  }),
  steps: [
    {
      say:
        'How long should a lease be if nobody knows how long the work takes? A watchdog is an ' +
        'answer: a timer beside the work that renews the lease, here of {ttl}, again and again ' +
        'while the holder is inside. The first time it does so at {first}.',
      values: {
        ttl: { setting: 'ttlMs' },
        first: { at: renewed },
        work: { section: 'A1' },
        end: { at: gives },
      },
      at: { type: 'enter', client: 'A' },
      show: ['truth', 'leases', 'messages', 'sections'],
      claims: [not(happens(expires))],
      ask: {
        question: 'A works for {work}. Does B get in before A is done?',
        hides: { type: 'enter', client: 'A' },
        options: [
          { text: 'Yes', holds: comesBefore(next, leaves) },
          { text: 'No', holds: all(comesBefore(leaves, next), oneAtATime) },
        ],
        why:
          'Each renewal gives the lease its full {ttl} again, so it looks like the teeth of a ' +
          'saw. It ends when A gives it back, at {end}. Had A died, it would have ended {ttl} ' +
          'after the last renewal.',
      },
    },
    {
      say:
        'Now A stands still for {pause}, longer than its lease. The watchdog is part of the ' +
        'same process.',
      values: {
        pause: { fault: 'f1', size: 'durationUs' },
        begin: { at: pauses },
        end: { at: expires },
      },
      plan: [{ set: 'fault', to: pauseAt(2_500, 5_000) }],
      at: pauses,
      show: ['truth', 'belief', 'leases', 'faults'],
      ask: {
        question: 'What becomes of the lease?',
        hides: pauses,
        options: [
          { text: 'It ends, and B gets the lock', holds: comesBefore(expires, next) },
          { text: 'The watchdog keeps it', holds: not(happens(expires)) },
        ],
        why:
          'The watchdog stands still together with the work: from {begin} on nobody renews, ' +
          'and at {end} the lease is over. A pause beats it as it beats every lease.',
      },
    },
    {
      say:
        'And now only the work hangs: for {work} it waits for an answer. The process is well, ' +
        'and so is its watchdog. B waits for {patience}.',
      values: { work: { section: 'A1' }, patience: { setting: 'waitMs' }, end: { at: givesUp } },
      plan: [{ set: 'operation', id: 'A1', to: { sectionUs: 30_000_000 } }],
      at: { type: 'invoke', operation: 'B1', action: 'acquire' },
      show: ['truth', 'leases', 'sections'],
      claims: [oneAtATime, keeps('leak'), keeps('progress')],
      ask: {
        question: 'Does B get the lock?',
        hides: { type: 'invoke', operation: 'B1', action: 'acquire' },
        options: [
          { text: 'Yes: the work makes no headway', holds: granted('B1') },
          { text: 'No', holds: refused('B1') },
        ],
        why:
          'The watchdog renews whatever the work does, and B gives up at {end}. No rule is ' +
          'broken: a holder that lives holds its lock. It is a leak by kindness.',
      },
    },
    {
      say:
        'A has two jobs here. The first one is honest and takes {honest}, more than the lease ' +
        'of {ttl}. The second one hangs. Jobs can also renew the lease themselves: once, when ' +
        'half of the work is done.',
      values: {
        honest: { section: 'A1' },
        ttl: { setting: 'ttlMs' },
        patience: { setting: 'waitMs' },
      },
      plan: [
        {
          set: 'client',
          to: {
            id: 'A',
            operations: [
              operation('A1', { afterMs: 0, forMs: 4_000 }),
              operation('A2', { afterMs: 100, forMs: 30_000 }),
            ],
          },
        },
        { set: 'operation', id: 'B1', to: { gapUs: 6_000_000 } },
      ],
      at: { type: 'invoke', operation: 'A2', action: 'acquire' },
      show: ['truth', 'leases', 'sections'],
      claims: [wrote('A'), refused('B1')],
      task: {
        says: 'Let A finish its honest job, and B get in although the second one hangs.',
        goal: all(wrote('A'), granted('B1'), oneAtATime),
        offers: [
          { field: 'algorithm', among: ['set-nx', 'set-nx-watchdog'] },
          { field: 'renew', operation: 'A1' },
          { field: 'renew', operation: 'A2' },
        ],
        hints: [
          'A watchdog does not know whether the work gets anywhere. The work does.',
          'Without a watchdog the lease of {ttl} is too short for the honest job: let that one ' +
            'renew.',
          'Take set-nx, and let A1 renew. A2 never comes to its half within {patience}.',
        ],
        solution: [
          { set: 'algorithm', to: 'set-nx' },
          { set: 'operation', id: 'A1', to: { renew: true } },
        ],
      },
    },
  ],
};

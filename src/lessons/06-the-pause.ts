/** Lesson 6: a process stands still and does not notice. No lease is long enough for that. */
import type { Anchor } from './anchor.js';
import type { Lesson } from './lesson.js';
import {
  all,
  breaks,
  comesBefore,
  happensTimes,
  keeps,
  lastsAtLeast,
  not,
  oneAtATime,
  wrote,
  wroteLate,
} from './predicates.js';
import { NO_CLOCK_OPTIONS, pauseAt, startOf, worker } from './start.js';

const pauses: Anchor = { type: 'host', host: 'A', state: 'paused' };
const wakes: Anchor = { type: 'host', host: 'A', state: 'resumed' };
const expires: Anchor = { type: 'lease-end', cause: 'expired' };
const writes: Anchor = { type: 'access', access: 'write', client: 'A' };

const PAUSED_AT_MS = 1_000;
const LEAST_MS = 8_000;

export const thePause: Lesson = {
  id: 'the-pause',
  title: 'The pause that breaks every lease',
  minutes: 3,
  needs: ['too-short-a-lease'],
  source: 'M. Kleppmann, “How to do distributed locking”, 2016',
  start: startOf({
    algorithm: 'set-nx-no-validity',
    options: NO_CLOCK_OPTIONS,
    ttlMs: 10_000,
    waitMs: 30_000,
    clients: [
      worker('A', { afterMs: 0, forMs: 3_000 }),
      worker('B', { afterMs: 500, forMs: 3_000 }),
    ],
    faults: [pauseAt(PAUSED_AT_MS, 6_000)],
  }),
  steps: [
    {
      say:
        'Programs stand still without being asked: while memory is cleared (garbage ' +
        'collection), when a laptop is closed, when a virtual machine moves. Here A does so ' +
        'for {pause}, in the middle of its work. The lease lasts {ttl}.',
      values: {
        pause: { fault: 'f1', size: 'durationUs' },
        ttl: { setting: 'ttlMs' },
        wake: { at: wakes },
      },
      at: pauses,
      show: ['truth', 'belief', 'leases', 'faults'],
      ask: {
        question: 'Does B get in while A is inside?',
        hides: pauses,
        options: [
          { text: 'No', holds: all(oneAtATime, wrote('A'), wrote('B')) },
          { text: 'Yes', holds: breaks('mutual-exclusion') },
        ],
        why:
          'A wakes at {wake}, while its lease still lasts, and is done in time. Nobody has ' +
          'noticed the pause, A least of all.',
      },
    },
    {
      say:
        'The same, but A stands still for {pause}. Its lease ends at {end}, and B gets ' +
        'the lock.',
      values: {
        pause: { fault: 'f1', size: 'durationUs' },
        end: { at: expires },
        write: { at: writes },
        enter: { at: { type: 'enter', client: 'B' } },
      },
      plan: [{ set: 'fault', to: pauseAt(PAUSED_AT_MS, 12_000) }],
      at: wakes,
      show: ['truth', 'belief', 'leases', 'sections', 'accesses', 'faults'],
      claims: [breaks('mutual-exclusion', 'stale-belief')],
      ask: {
        question: 'What does A do when it wakes?',
        hides: wakes,
        options: [
          { text: 'It writes, as if nothing had happened', holds: wroteLate('A', 'B') },
          { text: 'It notices the pause, and leaves', holds: not(wrote('A')) },
          {
            text: 'It asks for the lock again',
            holds: happensTimes(2, { type: 'invoke', client: 'A', action: 'acquire' }),
          },
        ],
        why:
          'To A no time has passed: the next line of its program is the write. It arrives at ' +
          '{write}, with B inside since {enter}. The unfounded belief has grown out of the ' +
          'pause.',
      },
    },
    {
      say: 'Then let the lease last {ttl}, and B be patient.',
      values: { ttl: { setting: 'ttlMs' }, pause: { fault: 'f1', size: 'durationUs' } },
      plan: [
        { set: 'ttlMs', to: 60_000 },
        { set: 'waitMs', to: 120_000 },
        { set: 'fault', to: pauseAt(PAUSED_AT_MS, 70_000) },
      ],
      at: pauses,
      show: ['truth', 'belief', 'leases', 'sections', 'accesses', 'faults'],
      ask: {
        question: 'Is it safe from pauses now?',
        hides: pauses,
        options: [
          { text: 'Yes', holds: oneAtATime },
          { text: 'No', holds: breaks('mutual-exclusion') },
        ],
        why:
          'This pause lasts {pause}. A laptop that is closed over lunch beats it. A longer ' +
          'lease only moves the limit, and every death of a holder gets more expensive.',
      },
    },
    {
      say:
        'How near is the limit? Here is the pause again that does harm: {pause}, from {begin} ' +
        'on.',
      values: {
        pause: { fault: 'f1', size: 'durationUs' },
        begin: { at: pauses },
        end: { at: expires },
      },
      plan: [{ set: 'fault', to: pauseAt(PAUSED_AT_MS, 12_000) }],
      at: pauses,
      show: ['truth', 'belief', 'leases', 'sections', 'accesses', 'faults'],
      task: {
        says: `Let A stand still for ${LEAST_MS / 1_000} s or more, and write within its lease.`,
        goal: all(
          lastsAtLeast('f1', LEAST_MS),
          oneAtATime,
          keeps('resource-safety'),
          wrote('A'),
          not(comesBefore(expires, writes)),
        ),
        offers: [{ field: 'durationUs', fault: 'f1', from: 1_000_000, to: 20_000_000 }],
        hints: [
          'A has to wake, and to write, before the lease ends at {end}.',
          'The pause begins at {begin}: take that from {end}.',
        ],
        solution: [{ set: 'fault', to: pauseAt(PAUSED_AT_MS, 8_500) }],
      },
    },
  ],
};

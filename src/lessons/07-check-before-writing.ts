/** Lesson 7: to look before each step narrows the gap, and never closes it. */
import type { Anchor } from './anchor.js';
import type { Lesson } from './lesson.js';
import {
  all,
  breaks,
  comesBefore,
  lastsAtMost,
  not,
  oneAtATime,
  wrote,
  wroteLate,
} from './predicates.js';
import { pauseAt, pauseAtCall, startOf, worker } from './start.js';

const pauses: Anchor = { type: 'host', host: 'A', state: 'paused' };
const wakes: Anchor = { type: 'host', host: 'A', state: 'resumed' };
const enters: Anchor = { type: 'enter', client: 'B' };
const writes: Anchor = { type: 'access', access: 'write', client: 'A' };
/** A looks when it enters, before it reads, and before it writes. */
const looks: Anchor = { type: 'validity', host: 'A', nth: 3 };

/** Which of its calls to the outside A is at; the tests find the same. */
const LOOKS_AT_CLOCK = 14;
const SENDS_WRITE = 15;
const PAUSE_MS = 5_000;
const MOST_MS = 2_500;

export const checkBeforeWriting: Lesson = {
  id: 'check-before-writing',
  title: '“I will just check before I write”',
  minutes: 4,
  needs: ['the-pause'],
  source: 'M. Kleppmann, “How to do distributed locking”, 2016',
  start: startOf({
    algorithm: 'set-nx',
    ttlMs: 4_000,
    waitMs: 20_000,
    clients: [
      worker('A', { afterMs: 0, forMs: 2_000 }),
      worker('B', { afterMs: 500, forMs: 3_000 }),
    ],
    faults: [pauseAt(1_000, PAUSE_MS)],
  }),
  steps: [
    {
      say:
        'This A is careful: before each step it asks its lock how much of the lease is left, ' +
        'by the clock of A itself. While it works it stands still for {pause}. Its lease ends, ' +
        'and B gets the lock.',
      values: { pause: { fault: 'f1', size: 'durationUs' }, wake: { at: wakes } },
      at: wakes,
      show: ['truth', 'belief', 'leases', 'faults'],
      ask: {
        question: 'Does A write when it wakes?',
        hides: wakes,
        options: [
          { text: 'Yes', holds: wrote('A') },
          { text: 'No', holds: all(not(wrote('A')), oneAtATime) },
        ],
        why:
          'It looks at its clock at {wake}: nothing is left of the lease. It leaves without a ' +
          'word to the store. Checking helps.',
      },
    },
    {
      say:
        'The pause comes a little later now. A is done with its work and looks at its clock: ' +
        '{left} of the lease are left, plenty. The next thing it does is to send its write. ' +
        'Between the two it stands still.',
      values: {
        left: { read: 'validForMs', of: looks },
        wake: { at: wakes },
        enter: { at: enters },
      },
      plan: [{ set: 'fault', to: pauseAtCall(SENDS_WRITE, PAUSE_MS) }],
      at: pauses,
      show: ['truth', 'belief', 'leases', 'accesses', 'faults', 'messages'],
      claims: [comesBefore(looks, pauses), comesBefore(pauses, writes)],
      ask: {
        question: 'Does A write when it wakes?',
        hides: pauses,
        options: [
          { text: 'Yes', holds: wroteLate('A', 'B') },
          { text: 'No', holds: not(wrote('A')) },
        ],
        why:
          'It has looked already. At {wake} the write leaves at once, and the store takes it, ' +
          'although B has been inside since {enter}.',
      },
    },
    {
      say:
        'Look once more, nearer to the write? Then there is a gap between that look and the ' +
        'write. However small, a pause fits in: this one lies between two lines of a program. ' +
        'No check at the client closes the gap; it only makes it rare.',
      plan: [{ set: 'fault', to: pauseAtCall(SENDS_WRITE, PAUSE_MS) }],
      at: looks,
      zoom: [looks, writes],
      show: ['truth', 'belief', 'faults', 'messages'],
      claims: [breaks('mutual-exclusion', 'inherent-overlap'), breaks('resource-safety')],
    },
    {
      say:
        'Whatever A does outside of itself is a call. Call 14 looks at the clock, call 15 ' +
        'sends the write. Here the pause strikes at call 14, and A sees it.',
      values: {
        enter: { at: enters },
        look: { at: pauses },
      },
      plan: [{ set: 'fault', to: pauseAtCall(LOOKS_AT_CLOCK, PAUSE_MS) }],
      at: pauses,
      show: ['truth', 'belief', 'sections', 'accesses', 'faults'],
      claims: [oneAtATime, not(wrote('A'))],
      task: {
        says: `With a pause of ${MOST_MS / 1_000} s or less, let A write into the work of B.`,
        goal: all(lastsAtMost('f1', MOST_MS), wroteLate('A', 'B')),
        offers: [
          { field: 'nth', fault: 'f1', from: 1, to: 20 },
          { field: 'durationUs', fault: 'f1', from: 100_000, to: 5_000_000 },
        ],
        hints: [
          'The pause must come after the last look.',
          'When A wakes, B has to be inside: it enters at {enter}.',
          'A comes to call 15 at {look}. How long until B is inside?',
        ],
        solution: [{ set: 'fault', to: pauseAtCall(SENDS_WRITE, 2_400) }],
      },
    },
  ],
};

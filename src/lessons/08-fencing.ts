/** Lesson 8: the resource refuses who comes late, by a number that grows with each grant. */
import type { Anchor } from './anchor.js';
import type { Lesson } from './lesson.js';
import {
  all,
  breaks,
  comesBefore,
  keeps,
  oneAtATime,
  sends,
  writeRefused,
  wroteLate,
} from './predicates.js';
import { pauseAtCall, startOf, worker } from './start.js';

const wakes: Anchor = { type: 'host', host: 'A', state: 'resumed' };
const enters: Anchor = { type: 'enter', client: 'B' };
const writes: Anchor = { type: 'access', access: 'write', client: 'A' };

/** The call of A that sends its write, after the last look at the clock. */
const SENDS_WRITE = 15;

export const fencing: Lesson = {
  id: 'fencing',
  title: 'Fencing tokens save the day',
  minutes: 4,
  needs: ['check-before-writing'],
  source: 'M. Kleppmann, “How to do distributed locking”, 2016, where the numbers are 33 and 34',
  start: startOf({
    algorithm: 'set-nx',
    ttlMs: 4_000,
    waitMs: 20_000,
    clients: [
      worker('A', { afterMs: 0, forMs: 2_000 }),
      worker('B', { afterMs: 500, forMs: 3_000 }),
    ],
    faults: [pauseAtCall(SENDS_WRITE, 5_000)],
  }),
  steps: [
    {
      say:
        'The run that no check prevents: A has looked, stands still, wakes, and its write ' +
        'arrives at {write}, with B inside since {enter}. A cannot know. The server of the ' +
        'lock is not asked. Who sees the write is the store, and it has nothing to judge it ' +
        'by.',
      values: { write: { at: writes }, enter: { at: enters } },
      at: writes,
      show: ['truth', 'sections', 'faults', 'accesses'],
      claims: [wroteLate('A', 'B')],
    },
    {
      say:
        'This lock counts its grants, and hands out the number: the fencing token. It goes ' +
        'along with every access. A was granted {a}, B {b}; the store remembers the highest it ' +
        'has seen.',
      values: {
        a: { read: 'fencingToken', of: { type: 'enter', client: 'A' } },
        b: { read: 'fencingToken', of: enters },
        write: { at: writes },
      },
      plan: [{ set: 'algorithm', to: 'set-nx-fenced' }],
      at: wakes,
      show: ['truth', 'sections', 'accesses', 'fencing-tokens'],
      claims: [
        keeps('fencing'),
        comesBefore({ type: 'access', access: 'read', client: 'B', accepted: true }, writes),
      ],
      ask: {
        question: 'The write of A arrives with number {a}. What does the store do?',
        hides: wakes,
        options: [
          { text: 'It takes it: A was granted the lock', holds: wroteLate('A', 'B') },
          { text: 'It asks the server of the lock', holds: sends('store', 'r1') },
          { text: 'It refuses it', holds: writeRefused('A') },
        ],
        why:
          'It has seen {b}, when B read. A lower number comes from somebody whose turn is ' +
          'over. The store needs no clock for that, and asks nobody: it refuses the write at ' +
          '{write}.',
      },
    },
    {
      say: 'The data is right. Look at the sections once more, at the moment when A wakes.',
      values: { wake: { at: wakes }, enter: { at: enters } },
      plan: [{ set: 'algorithm', to: 'set-nx-fenced' }],
      at: wakes,
      show: ['truth', 'belief', 'sections', 'fencing-tokens'],
      claims: [keeps('resource-safety')],
      ask: {
        question: 'Is the lock itself any better now?',
        hides: wakes,
        options: [
          { text: 'No: still two are inside', holds: breaks('mutual-exclusion') },
          { text: 'Yes: only one is inside', holds: oneAtATime },
        ],
        why:
          'At {wake} A sends its write as a holder, and B has been inside since {enter}. The ' +
          'overlap is still there. But nothing comes of it, and that is what counts.',
      },
    },
    {
      say: 'Back to the lock without numbers.',
      at: writes,
      show: ['truth', 'sections', 'faults', 'accesses', 'fencing-tokens'],
      task: {
        says: 'Choose a lock with which the store can refuse the late write. The pause stays.',
        goal: all(writeRefused('A'), keeps('resource-safety')),
        offers: [{ field: 'algorithm', among: ['set-nx', 'get-then-delete', 'set-nx-fenced'] }],
        hints: [
          'The store can refuse only what it can tell apart.',
          'It needs a number that grows with each grant: a fencing token.',
        ],
        solution: [{ set: 'algorithm', to: 'set-nx-fenced' }],
      },
    },
  ],
};

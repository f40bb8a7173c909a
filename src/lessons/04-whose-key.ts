/** Lesson 4: who comes late deletes the key of somebody else, unless keys say whose they are. */
import type { Anchor } from './anchor.js';
import type { Lesson } from './lesson.js';
import {
  all,
  breaks,
  comesBefore,
  granted,
  happens,
  keeps,
  not,
  oneAtATime,
  refused,
  wrote,
} from './predicates.js';
import { pauseAt, startOf, worker } from './start.js';

const pauses: Anchor = { type: 'host', host: 'A', state: 'paused' };
const wakes: Anchor = { type: 'host', host: 'A', state: 'resumed' };
const expires: Anchor = { type: 'lease-end', cause: 'expired' };
const deletes: Anchor = { type: 'lease-end', cause: 'deleted' };
const asks: Anchor = { type: 'request', action: 'release', client: 'A' };

export const whoseKey: Lesson = {
  id: 'whose-key',
  title: 'Why releasing needs an owner',
  minutes: 4,
  needs: ['too-short-a-lease'],
  source: 'Redis documentation, “Distributed Locks with Redis”',
  start: startOf({
    algorithm: 'blind-delete',
    ttlMs: 4_000,
    waitMs: 20_000,
    clients: [
      worker('A', { afterMs: 0, forMs: 2_000 }),
      worker('B', { afterMs: 500, forMs: 3_000 }),
      worker('C', { afterMs: 1_000, forMs: 1_000 }),
    ],
    faults: [pauseAt(1_000, 4_000)],
  }),
  steps: [
    {
      say:
        'A stands still from {pause} to {wake}: its machine is busy with something else. ' +
        'Meanwhile its lease ends, and B gets the lock, as it should. A wakes, sees that it is ' +
        'late, and writes nothing. It only tidies up: it tells the server to delete the key.',
      values: { pause: { at: pauses }, wake: { at: wakes }, end: { at: expires } },
      at: wakes,
      show: ['truth', 'sections', 'faults', 'messages'],
      claims: [not(wrote('A'))],
      ask: {
        question: 'Whose key is deleted?',
        hides: wakes,
        options: [
          { text: 'That of A', holds: all(happens(deletes), not(happens(expires))) },
          { text: 'That of B', holds: all(comesBefore(expires, deletes), breaks('ownership')) },
          { text: 'None: the server sees that A is late', holds: not(happens(deletes)) },
        ],
        why:
          'The key of A went at {end}, with its lease. What stands there now was set by B; but ' +
          'it has the same name and the same value, and the server deletes what it is told to.',
      },
    },
    {
      say: 'C has been asking all the while. Look at what it finds after the deletion, at {at}.',
      values: { at: { at: deletes } },
      at: deletes,
      zoom: [deletes, { type: 'exit', client: 'B' }],
      show: ['truth', 'sections', 'messages'],
      claims: [breaks('mutual-exclusion', 'double-grant')],
      ask: {
        question: 'What does C get?',
        hides: deletes,
        options: [
          { text: 'A refusal', holds: refused('C1') },
          {
            text: 'The lock, once B has left',
            holds: comesBefore({ type: 'exit', client: 'B' }, { type: 'enter', client: 'C' }),
          },
          {
            text: 'The lock, while B is inside',
            holds: comesBefore({ type: 'enter', client: 'C' }, { type: 'exit', client: 'B' }),
          },
        ],
        why:
          'There is no key, so C may set it. Now B and C are both inside, and neither has done ' +
          'anything wrong: the server has granted the lock twice. Such a double grant is the ' +
          'worst that can happen to a lock.',
      },
    },
    {
      say:
        'The remedy: into the key goes a value that nobody else has, the owner id. A release ' +
        'deletes the key only if it still holds that value. Here A asks for it at {ask}; the ' +
        'server finds the value of B, and deletes nothing.',
      values: { ask: { at: asks } },
      plan: [{ set: 'algorithm', to: 'set-nx' }],
      at: asks,
      show: ['truth', 'sections', 'messages'],
      claims: [not(happens(deletes)), keeps('ownership'), oneAtATime],
    },
    {
      say: 'Back to the start: one value for all, and a deletion that asks nobody.',
      show: ['truth', 'sections', 'faults', 'messages'],
      task: {
        says: 'Choose a lock with which A, late as it is, leaves the key of B alone.',
        goal: all(keeps('ownership'), oneAtATime, granted('C1')),
        offers: [{ field: 'algorithm', among: ['blind-delete', 'get-then-delete', 'set-nx'] }],
        hints: [
          'The lock blind-delete deletes whatever stands under its name.',
          'Two of the three look at the owner id first. Here either will do; the next lesson ' +
            'tells them apart.',
        ],
        solution: [{ set: 'algorithm', to: 'set-nx' }],
      },
    },
  ],
};

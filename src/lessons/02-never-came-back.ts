/** Lesson 2: a holder dies. Why a lock needs an end of its own, and what that end costs. */
import type { Anchor } from './anchor.js';
import type { Lesson } from './lesson.js';
import {
  all,
  breaks,
  comesBefore,
  granted,
  happens,
  leaseOutlastsWork,
  not,
  refused,
  within,
} from './predicates.js';
import { startOf, worker } from './start.js';

const dies: Anchor = { type: 'host', host: 'A', state: 'dead' };
const expires: Anchor = { type: 'lease-end', cause: 'expired' };
const next: Anchor = { type: 'lease', operation: 'B1' };

/** How long B may stand before the door of a dead holder. */
const WAIT_MS = 4_000;

export const neverCameBack: Lesson = {
  id: 'never-came-back',
  title: 'The holder who never came back',
  minutes: 3,
  needs: ['one-holder'],
  start: startOf({
    algorithm: 'no-ttl',
    ttlMs: 10_000,
    waitMs: 10_000,
    clients: [
      worker('A', { afterMs: 0, forMs: 2_000 }),
      worker('B', { afterMs: 500, forMs: 2_000 }),
    ],
    faults: [
      {
        id: 'f1',
        class: 'client-crash',
        at: { atUs: 1_000_000 },
        host: 'A',
        mode: 'kill',
        restartAfterUs: null,
      },
    ],
  }),
  steps: [
    {
      say:
        'The lock of this lesson is a key and nothing more: it stays until its holder deletes ' +
        'it. A takes it and begins to work. At {death} the process of A is killed, as happens ' +
        'when memory runs out or a new version is rolled out.',
      values: { death: { at: dies } },
      at: dies,
      show: ['truth', 'sections', 'faults'],
      ask: {
        question: 'What becomes of the key?',
        hides: dies,
        options: [
          { text: 'The server notices, and deletes it', holds: happens({ type: 'lease-end' }) },
          { text: 'B takes it over', holds: granted('B1') },
          { text: 'It stays where it is', holds: not(happens({ type: 'lease-end' })) },
        ],
        why:
          'The server knows a key and a value, and nothing of who is alive. The only one who ' +
          'would have deleted it is dead.',
      },
    },
    {
      say:
        'B asks and asks, and gives up after {patience}. So will everybody who comes later, ' +
        'until a person deletes the key by hand. This is a leak: a lock that nobody is left to ' +
        'give back.',
      values: { patience: { setting: 'waitMs' } },
      at: { type: 'fail', operation: 'B1', action: 'acquire' },
      show: ['truth', 'messages'],
      claims: [refused('B1'), breaks('leak', 'for-ever')],
    },
    {
      say:
        'Now the key is set together with an end: after {ttl} the server deletes it by itself. ' +
        'A lock with an end is a lease, and its length is the TTL, its time to live.',
      values: {
        ttl: { setting: 'ttlMs' },
        end: { at: expires },
        wait: { from: dies, until: next },
      },
      plan: [
        { set: 'algorithm', to: 'set-nx' },
        { set: 'ttlMs', to: 5_000 },
      ],
      at: dies,
      show: ['truth', 'leases', 'faults'],
      ask: {
        question: 'A dies as before. When can B get the lock?',
        hides: dies,
        options: [
          { text: 'As soon as A is dead', holds: within(500, dies, next) },
          { text: 'When the lease has ended', holds: comesBefore(expires, next) },
          { text: 'Never', holds: refused('B1') },
        ],
        why:
          'The lease ends at {end}, whether A lives or not, and B gets the lock when it asks ' +
          'the next time: {wait} after the death of A. All that time the work lay idle.',
      },
    },
    {
      say:
        'A long lease makes a death expensive. Here it lasts {ttl}, and B gives up before it ' +
        'ends. The work would take {work}.',
      values: {
        ttl: { setting: 'ttlMs' },
        work: { section: 'A1' },
        death: { at: dies },
      },
      plan: [
        { set: 'algorithm', to: 'set-nx' },
        { set: 'ttlMs', to: 60_000 },
      ],
      at: { type: 'fail', operation: 'B1', action: 'acquire' },
      show: ['truth', 'leases', 'faults'],
      claims: [refused('B1')],
      task: {
        says: `Let B in within ${WAIT_MS / 1_000} s of A's death. The lease must outlast the work.`,
        goal: all(within(WAIT_MS, dies, next), leaseOutlastsWork),
        offers: [{ field: 'ttlMs', from: 500, to: 60_000 }],
        hints: [
          'The lease begins when the key is set, right at the start; A dies at {death}.',
          'B asks only now and then: leave it some time for one more try.',
          'A TTL of twice {work} does it.',
        ],
        solution: [{ set: 'ttlMs', to: 4_000 }],
      },
    },
  ],
};

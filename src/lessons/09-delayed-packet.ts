/** Lesson 9: nobody stands still, the write does. A lock that is kept does not protect the data. */
import type { Fault } from '../fault.js';
import type { Anchor } from './anchor.js';
import type { Lesson } from './lesson.js';
import {
  all,
  breaks,
  comesBefore,
  freeAt,
  happens,
  heldAt,
  keeps,
  not,
  oneAtATime,
  writeRefused,
  wroteLate,
} from './predicates.js';
import { startOf, worker } from './start.js';

const sends: Anchor = { type: 'step', host: 'A', access: 'write' };
const looks: Anchor = { type: 'validity', host: 'A', nth: 3 };
const arrives: Anchor = { type: 'access', access: 'write', client: 'A' };
const leaves: Anchor = { type: 'exit', client: 'A' };
const enters: Anchor = { type: 'enter', client: 'B' };
const dies: Anchor = { type: 'host', host: 'A', state: 'dead' };
const extended: Anchor = { type: 'lease', operation: 'A1', extends: true };

const death: Fault = {
  id: 'f2',
  class: 'client-crash',
  at: { atUs: 4_000_000 },
  host: 'A',
  mode: 'kill',
  restartAfterUs: null,
};

export const delayedPacket: Lesson = {
  id: 'delayed-packet',
  title: 'A delayed packet is a pause too',
  minutes: 4,
  needs: ['fencing'],
  source: 'M. Kleppmann, “How to do distributed locking”, 2016',
  start: startOf({
    algorithm: 'set-nx',
    ttlMs: 10_000,
    waitMs: 30_000,
    clients: [
      worker('A', { afterMs: 0, forMs: 3_000 }),
      worker('B', { afterMs: 500, forMs: 6_000 }),
    ],
    faults: [
      {
        id: 'f1',
        class: 'delay',
        at: { atUs: 2_000_000 },
        client: 'A',
        server: 'store',
        direction: 'to-server',
        durationUs: 3_000_000,
        byUs: 12_000_000,
      },
    ],
  }),
  steps: [
    {
      say:
        'Nobody stands still in this run. A writes in time, at {sent}, with {left} of its ' +
        'lease left. But the network takes {delay} to deliver it. A waits for the answer, and ' +
        'gives up when its lease is over.',
      values: {
        sent: { at: sends },
        left: { read: 'validForMs', of: looks },
        delay: { fault: 'f1', size: 'byUs' },
        gone: { at: leaves },
        enter: { at: enters },
        arrives: { at: arrives },
      },
      at: sends,
      show: ['truth', 'leases', 'messages', 'faults'],
      claims: [not(happens({ type: 'host' })), comesBefore(looks, sends)],
      ask: {
        question: 'Who holds the lock when the write arrives?',
        hides: sends,
        options: [
          { text: 'A', holds: heldAt('A', arrives) },
          { text: 'Nobody', holds: freeAt(arrives) },
          { text: 'B', holds: heldAt('B', arrives) },
        ],
        why:
          'A has left at {gone}, and B has entered at {enter}. The write arrives at {arrives}, ' +
          'in the middle of the work of B. It was right when it was sent, and is wrong when it ' +
          'arrives.',
      },
    },
    {
      say:
        'The store takes the write: nothing tells it that A is gone. B goes on with the value ' +
        'that it read before, and writes over it.',
      values: { gone: { at: leaves }, enter: { at: enters } },
      at: arrives,
      show: ['truth', 'sections', 'accesses', 'messages'],
      claims: [wroteLate('A', 'B'), comesBefore(arrives, { ...arrives, client: 'B' })],
      ask: {
        question: 'Were two inside at the same time?',
        hides: sends,
        options: [
          { text: 'Yes', holds: breaks('mutual-exclusion') },
          { text: 'No', holds: all(oneAtATime, breaks('resource-safety')) },
        ],
        why:
          'A was out at {gone}, B in at {enter}. The lock has kept its word to the letter, and ' +
          'the data is wrong all the same. A lock guards the clients; it does not guard what ' +
          'is under way.',
      },
    },
    {
      say:
        'Would it help to renew the lease while A waits for its answer? The lock of this run ' +
        'does, and that helps as long as A lives. But at {death} A dies. Nobody renews any ' +
        'more, and the write is still under way.',
      values: { death: { at: dies }, enter: { at: enters }, arrives: { at: arrives } },
      plan: [
        { set: 'algorithm', to: 'set-nx-watchdog' },
        { set: 'fault', to: death },
      ],
      at: dies,
      show: ['truth', 'leases', 'messages', 'faults'],
      claims: [comesBefore(sends, dies), comesBefore(extended, dies)],
      ask: {
        question: 'Does the write still do harm?',
        hides: dies,
        options: [
          { text: 'Yes', holds: wroteLate('A', 'B') },
          { text: 'No', holds: keeps('resource-safety') },
        ],
        why:
          'The lease ends all the same, B enters at {enter}, and the write arrives at ' +
          '{arrives}. No care of A can call back what it has sent, least of all when it is ' +
          'dead.',
      },
    },
    {
      say: 'The same run: the write under way, and A dead. Only the store sees it arrive.',
      plan: [
        { set: 'algorithm', to: 'set-nx-watchdog' },
        { set: 'fault', to: death },
      ],
      at: arrives,
      show: ['truth', 'accesses', 'messages', 'faults', 'fencing-tokens'],
      task: {
        says: 'Choose a lock with which the late write does no harm.',
        goal: all(keeps('resource-safety'), writeRefused('A')),
        offers: [{ field: 'algorithm', among: ['set-nx', 'set-nx-watchdog', 'set-nx-fenced'] }],
        hints: [
          'Neither a longer lease nor a living A can be counted on.',
          'The store must be able to tell that the turn of A is over.',
          'Take the lock with fencing tokens.',
        ],
        solution: [{ set: 'algorithm', to: 'set-nx-fenced' }],
      },
    },
  ],
};

/**
 * The 22 canonical stories of docs/semantics.md, each with the class that R2 and R3 gave it before
 * the checker was written.
 */
import { type Story, story } from './history-builder.js';

export type Outcome =
  | 'no overlap'
  | 'double-grant'
  | 'double-grant: resurrected'
  | 'stale-belief'
  | 'inherent-overlap: pause-inside-call'
  | 'inherent-overlap: client-clock'
  | 'inherent-overlap: session-end-not-delivered';

export const REDLOCK = ['r1', 'r2', 'r3', 'r4', 'r5'];

/** A has entered at 2 ms with a lease until 10 s, and nobody else has done anything. */
export const holder = (...others: string[]) =>
  story('A', 'B', ...others)
    .ttl(10_000)
    .acquire('A', 0)
    .enter('A', 2);

/** The same, and B enters at 10.002 s because the lease of A has expired. */
export const holderReplaced = (...others: string[]) =>
  holder(...others)
    .leaseEnd('A', 10_000.5, 'expired')
    .acquire('B', 10_001)
    .enter('B', 10_002);

/** A holds a session lock; its session ends at 100 ms, and B enters at 102 ms. */
const sessionEnded = () =>
  story('A', 'B')
    .acquire('A', 0, { term: 'session' })
    .enter('A', 2)
    .leaseEnd('A', 100, 'session')
    .acquire('B', 101, { term: 'session' })
    .enter('B', 102);

/** Redis loses the key of A in a failover; B is granted and enters at 8 ms. */
const failover = () =>
  holder().leaseEnd('A', 5, 'lost').acquire('B', 6).enter('B', 8).exit('B', 20);

export const CANONICAL_STORIES: readonly (readonly [
  rule: 'R2' | 'R3',
  name: string,
  Outcome,
  () => Story,
])[] = [
  [
    'R3',
    'pause inside the write, after a check that passed; the other enters meanwhile',
    'inherent-overlap: pause-inside-call',
    () => holderReplaced().pause('A', 3, 10_003).step('A', 10_003, { calledMs: 3 }),
  ],
  [
    'R3',
    'the same, the other has already left when the write goes out',
    'inherent-overlap: pause-inside-call',
    () =>
      holderReplaced().exit('B', 10_002.5).pause('A', 3, 10_003).step('A', 10_003, { calledMs: 3 }),
  ],
  [
    'R2',
    'a sleeper that leaves at once on waking, without an act',
    'no overlap',
    () => holderReplaced().pause('A', 3, 10_003).leave('A', 10_003).exit('B', 10_010),
  ],
  [
    'R3',
    'SET NX, never checks, paused between two calls past the TTL, then acts',
    'stale-belief',
    () => holderReplaced().pause('A', 3, 10_003).step('A', 10_003).exit('A', 10_004),
  ],
  [
    'R3',
    'work longer than the TTL, no renewal, no pause',
    'stale-belief',
    () => holderReplaced().exit('A', 12_000),
  ],
  [
    'R3',
    'reply to the acquire later than the TTL, entered all the same',
    'stale-belief',
    () =>
      story('A', 'B')
        .acquire('A', 0, { ackedMs: 10_500 })
        .leaseEnd('A', 10_000.5, 'expired')
        .acquire('B', 10_400)
        .enter('B', 10_402)
        .enter('A', 10_501)
        .exit('A', 10_510)
        .exit('B', 10_520),
  ],
  [
    'R3',
    'failover to a replica without the key, the other is granted, the first acts on',
    'double-grant',
    () => failover().step('A', 9),
  ],
  [
    'R3',
    'the same, the first runs on for a while and crashes before another act of its own',
    'double-grant',
    () => failover().crash('A', 9),
  ],
  [
    'R2',
    'the same, the first crashes at the very instant at which the other enters',
    'no overlap',
    () => failover().crash('A', 8),
  ],
  [
    'R3',
    'server wall clock steps forward; later the first is paused too',
    'double-grant',
    () =>
      holder()
        .clock('r1', 'wall', 100, 60_000)
        .leaseEnd('A', 100, 'expired')
        .acquire('B', 101)
        .enter('B', 103)
        .pause('A', 104, 20_000)
        .step('A', 20_000),
  ],
  [
    'R3',
    'blind delete by a third client',
    'double-grant',
    () =>
      story('A', 'B', 'C')
        .acquire('A', 0)
        .enter('A', 2)
        .acquire('C', 3, { on: [], ends: 'fail' })
        .leaseEnd('A', 5, 'deleted', { by: 'C' })
        .acquire('B', 6)
        .enter('B', 8)
        .exit('A', 9),
  ],
  [
    'R3',
    'a renewal silently re-creates an expired key after the other has come and gone',
    'double-grant: resurrected',
    () =>
      holder()
        .leaseEnd('A', 10_000.5, 'expired')
        .pause('A', 3, 12_000)
        .acquire('B', 10_100)
        .enter('B', 10_102)
        .exit('B', 10_110)
        .release('B', 10_111)
        .renew('A', 12_000, { extends: false })
        .step('A', 12_005),
  ],
  [
    'R3',
    'the wall clock of the client steps back, its lock reckons by it',
    'stale-belief',
    () => holderReplaced().clock('A', 'wall', 5_000, 1_000).exit('A', 11_000),
  ],
  [
    'R3',
    'monotonic clock of the client 5 % slow',
    'inherent-overlap: client-clock',
    () => holderReplaced().clock('A', 'mono', 0, 0, -50_000).exit('A', 10_300),
  ],
  [
    'R3',
    'clock of the server 5 % fast',
    'double-grant',
    () =>
      holder()
        .clock('r1', 'wall', 0, 0, 50_000)
        .leaseEnd('A', 9_524, 'expired')
        .acquire('B', 9_530)
        .enter('B', 9_532)
        .exit('A', 9_900),
  ],
  [
    'R3',
    'acts after its own release',
    'stale-belief',
    () => holder().exit('A', 5).release('A', 6).acquire('B', 8).enter('B', 10).step('A', 11),
  ],
  [
    'R3',
    'Redlock, one server restarts empty',
    'double-grant',
    () =>
      story('A', 'B')
        .servers(...REDLOCK)
        .acquire('A', 0, { on: ['r1', 'r2', 'r3'] })
        .enter('A', 2)
        .leaseEnd('A', 3, 'lost', { server: 'r3' })
        .acquire('B', 5, { on: ['r3', 'r4', 'r5'] })
        .enter('B', 7)
        .exit('A', 8),
  ],
  [
    'R3',
    'Redlock counted without a quorum',
    'stale-belief',
    () =>
      story('A', 'B')
        .servers(...REDLOCK)
        .acquire('A', 0, { on: ['r1', 'r2'] })
        .enter('A', 2)
        .acquire('B', 5, { on: ['r3', 'r4', 'r5'] })
        .enter('B', 7)
        .exit('A', 8),
  ],
  [
    'R2',
    'watchdog renews in time, section longer than one TTL',
    'no overlap',
    () =>
      holder()
        .renew('A', 3_000)
        .renew('A', 6_000)
        .renew('A', 9_000)
        .exit('A', 15_000)
        .release('A', 15_000)
        .acquire('B', 15_001)
        .enter('B', 15_002)
        .exit('B', 15_010),
  ],
  [
    'R3',
    'session lock, its end not yet delivered, acts',
    'inherent-overlap: session-end-not-delivered',
    () => sessionEnded().step('A', 103),
  ],
  [
    'R3',
    'session lock, its end delivered, acts',
    'stale-belief',
    () => sessionEnded().lossDelivered('A', 101).step('A', 103),
  ],
  [
    'R3',
    'session lock behind a transaction pooler',
    'double-grant',
    () =>
      story('A', 'B')
        .acquire('A', 0, { term: 'session' })
        .enter('A', 2)
        .acquire('B', 5, { term: 'session' })
        .enter('B', 7)
        .exit('A', 9),
  ],
  [
    'R3',
    'told of the loss, slow to leave, the other enters meanwhile',
    'stale-belief',
    () =>
      holder()
        .told('A', 5_000)
        .leaseEnd('A', 5_000, 'lost')
        .acquire('B', 5_001)
        .enter('B', 5_002)
        .leave('A', 5_010),
  ],
];

/** One of them, by its name. */
export function canonicalStory(name: string): Story {
  const told = CANONICAL_STORIES.find(([, known]) => known === name);
  if (told === undefined) throw new Error(`there is no canonical story ${name}`);
  return told[3]();
}

/**
 * Hand-made stories of every property and cause, for the tests of rows and narratives: what
 * happened, which checker judges it, and what lies beneath the history.
 */
import { belief } from '../../src/checkers/belief.js';
import type { Checker } from '../../src/checkers/checker.js';
import { fencing } from '../../src/checkers/fencing.js';
import { leak } from '../../src/checkers/leak.js';
import { mutualExclusion } from '../../src/checkers/mutual-exclusion.js';
import { ownership } from '../../src/checkers/ownership.js';
import { progress } from '../../src/checkers/progress.js';
import { resourceSafety } from '../../src/checkers/resource-safety.js';
import type { Fault } from '../../src/fault.js';
import type { HistoryRecord } from '../../src/history.js';
import { read, write } from '../checkers/access-records.js';
import { held as believes, checked, pull } from '../checkers/belief-records.js';
import { holderReplaced, REDLOCK } from '../checkers/canonical-stories.js';
import { type Story, story } from '../checkers/history-builder.js';
import { extension, held, releaseLost } from '../checkers/leak-records.js';
import { probed, refusedAt, world } from '../checkers/waiting-stories.js';
import type { Beneath } from './telling.js';

export interface Told {
  readonly name: string;
  readonly checker: Checker;
  readonly tell: () => Story;
  readonly beneath?: Beneath;
}

/** An access leaves, and the resource gets it. */
const sent = (
  client: string,
  grant: number,
  access: 'read' | 'write',
  atMs: number,
  calledMs = atMs,
): HistoryRecord => ({
  type: 'step',
  atUs: atMs * 1000,
  calledAtUs: calledMs * 1000,
  grant,
  client,
  access,
});

const struck = (fault: Fault, atMs: number): HistoryRecord[] => [
  { type: 'fault', atUs: atMs * 1000, fault: fault.id, class: fault.class, edge: 'start' },
  { type: 'fault', atUs: atMs * 1000, fault: fault.id, class: fault.class, edge: 'touched' },
];

const failover: Fault = {
  id: 'f1',
  class: 'failover',
  at: { atUs: 5_000 },
  host: 'r1',
  replica: 1,
};
const crash: Fault = {
  id: 'f1',
  class: 'server-crash',
  at: { atUs: 3_000 },
  host: 'r3',
  restartAfterUs: 1_000,
};
const step: Fault = {
  id: 'f1',
  class: 'clock-step',
  at: { atUs: 100_000 },
  host: 'r1',
  byUs: 60e6,
};

const withFault = (told: Story, fault: Fault, atMs: number): Story => {
  for (const record of struck(fault, atMs)) told.add(record);
  return told;
};

export const STORIES: readonly Told[] = [
  {
    name: 'pause inside the write',
    checker: mutualExclusion,
    tell: () =>
      holderReplaced()
        .add({ type: 'validity', atUs: 3_000, calledAtUs: 3_000, grant: 1, validForMs: 9_997 })
        .pause('A', 3, 10_003)
        .add(sent('A', 1, 'write', 10_003, 3)),
    beneath: { places: { 8: 'my-job.ts:31' } },
  },
  {
    name: 'failover',
    checker: mutualExclusion,
    tell: () =>
      withFault(story('A', 'B').acquire('A', 0).enter('A', 2), failover, 5)
        .leaseEnd('A', 5, 'lost')
        .acquire('B', 6)
        .enter('B', 8)
        .step('A', 9),
    beneath: { faults: [failover] },
  },
  {
    name: 'one of five servers restarts empty',
    checker: mutualExclusion,
    tell: () =>
      withFault(
        story('A', 'B')
          .servers(...REDLOCK)
          .acquire('A', 0, { on: ['r1', 'r2', 'r3'] })
          .enter('A', 2),
        crash,
        3,
      )
        .leaseEnd('A', 3, 'lost', { server: 'r3' })
        .acquire('B', 5, { on: ['r3', 'r4', 'r5'] })
        .enter('B', 7)
        .exit('A', 8),
    beneath: { faults: [crash] },
  },
  {
    name: 'server clock step',
    checker: mutualExclusion,
    tell: () =>
      withFault(story('A', 'B').acquire('A', 0).enter('A', 2), step, 100)
        .clock('r1', 'wall', 100, 60_100)
        .leaseEnd('A', 100, 'expired')
        .acquire('B', 101)
        .enter('B', 103)
        .step('A', 104),
    beneath: { faults: [step] },
  },
  {
    name: 'late write',
    checker: resourceSafety,
    tell: () =>
      holderReplaced()
        .add(sent('A', 1, 'write', 9_999))
        .exit('A', 10_000)
        .add(sent('B', 2, 'write', 10_003))
        .add(write(2, 'B', 10_004))
        .add(write(1, 'A', 10_005)),
  },
  {
    name: 'late read',
    checker: resourceSafety,
    tell: () =>
      holderReplaced()
        .add(sent('A', 1, 'read', 9_999))
        .exit('A', 10_000)
        .add(write(2, 'B', 10_004))
        .add(read(1, 'A', 10_005)),
  },
  {
    name: 'fencing token reused after a failover',
    checker: fencing,
    tell: () =>
      withFault(
        story('A', 'B').acquire('A', 0, { fencingToken: 1 }),
        { ...failover, at: { atUs: 50_000 } },
        50,
      )
        .leaseEnd('A', 50, 'lost')
        .acquire('B', 101, { fencingToken: 1 }),
    beneath: { faults: [failover] },
  },
  {
    name: 'fencing token lower than an earlier one',
    checker: fencing,
    tell: () =>
      story('A', 'B')
        .acquire('A', 0, { fencingToken: 7 })
        .leaseEnd('A', 50, 'lost')
        .acquire('B', 101, { fencingToken: 3 }),
  },
  {
    name: 'fencing token missing',
    checker: fencing,
    tell: () =>
      story('A', 'B').acquire('A', 0, { fencingToken: 7 }).release('A', 50).acquire('B', 101),
  },
  {
    name: 'fencing token of another grant',
    checker: fencing,
    tell: () =>
      story('A')
        .acquire('A', 0, { fencingToken: 7 })
        .add({ ...write(1, 'A', 5), fencingToken: 6 }),
  },
  {
    name: 'deletes the lease of the next holder',
    checker: ownership,
    tell: () => holderReplaced().exit('A', 10_003).leaseEnd('B', 10_004, 'deleted', { by: 'A' }),
  },
  {
    name: 'overwrites the lease of a holder',
    checker: ownership,
    tell: () =>
      story('A', 'B')
        .acquire('A', 0)
        .acquire('B', 5)
        .leaseEnd('A', 5.5, 'overwritten', { by: 'B' }),
  },
  {
    name: 'dies while it holds',
    checker: leak,
    tell: () => held().crash('A', 10).leaseEnd('A', 100.5, 'expired'),
  },
  {
    name: 'a release is lost',
    checker: leak,
    tell: () => releaseLost().leaseEnd('A', 100.5, 'expired'),
  },
  {
    name: 'a refused acquire leaves a lease',
    checker: leak,
    tell: () =>
      story('A').ttl(100).acquire('A', 0, { ends: 'fail' }).leaseEnd('A', 100.5, 'expired'),
  },
  {
    name: 'told, and nobody cleans up',
    checker: leak,
    tell: () => held().told('A', 20).leave('A', 21).leaseEnd('A', 100.5, 'expired'),
  },
  {
    name: 'a key without a TTL is left behind',
    checker: leak,
    tell: () => story('A').ttl(100).acquire('A', 0, { term: 'none' }).crash('A', 10).end(400),
  },
  {
    name: 'a session outlives its client',
    checker: leak,
    tell: () =>
      story('A')
        .acquire('A', 0, { term: 'session' })
        .crash('A', 10)
        .leaseEnd('A', 60_010, 'session'),
  },
  {
    name: 'a session keeps what was unlocked on another one',
    checker: leak,
    tell: () =>
      story('A')
        .acquire('A', 0, { term: 'session' })
        .enter('A', 2)
        .exit('A', 10)
        .release('A', 10, { on: [], endMs: 12, ends: 'fail' })
        .end(300),
  },
  {
    name: 'a timer goes on renewing',
    checker: leak,
    tell: () => releaseLost().add(extension(50)).end(300),
  },
  {
    name: 'nobody is granted a free key',
    checker: progress,
    tell: () => probed(world('A'), null),
  },
  {
    name: 'a holder never gives back',
    checker: progress,
    tell: () =>
      probed(
        world('A')
          .acquire('A', 0, { term: { ms: 1_000 } })
          .enter('A', 2),
        null,
      ).end(400),
  },
  {
    name: 'waits for itself',
    checker: progress,
    tell: () =>
      world('A')
        .acquire('A', 0, { term: { ms: 1_000 } })
        .acquire('A', 10, { waitMs: null, on: [], endMs: null }),
  },
  {
    name: 'an acquire outstays its wait',
    checker: progress,
    tell: () => world('A').acquire('A', 0, refusedAt(90)).healed(200),
    beneath: {
      messages: [
        { from: 'A', to: 'r1', sentAtUs: 100, dueUs: 500, fate: 'lost', text: 'SET lock' },
      ],
    },
  },
  { name: 'never told', checker: belief, tell: () => believes().end(10_000) },
  {
    name: 'a check answers too much',
    checker: belief,
    tell: () => believes(pull).add(checked(120, 5)),
  },
  { name: 'told long before', checker: belief, tell: () => believes().told('A', 40) },
];

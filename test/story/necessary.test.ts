/** Faults in words, one of every class and kind. */
import { expect, test } from 'vitest';
import { FAULT_CLASSES, type Fault } from '../../src/fault.js';
import { necessaryWords } from '../../src/story/necessary.js';

const at = { atUs: 5_000 } as const;
const link = { client: 'A', server: 'r2' } as const;

const FAILOVER = { id: 'f1', class: 'failover', at: { atUs: 1_000_000 } } as const;

const FAULTS: readonly (readonly [Fault, string])[] = [
  [
    {
      id: 'f1',
      class: 'pause',
      at: { call: { operation: 'A1', nth: 7 } },
      host: 'A',
      durationUs: 10_000_000,
    },
    'pause of client A for 10.000 s, at its 7th call in A1',
  ],
  [
    { id: 'f1', class: 'clock-step', at, host: 'r1', byUs: -30_000_000 },
    'step of the wall clock of r1 by −30.000 s, at 5 ms',
  ],
  [
    {
      id: 'f1',
      class: 'clock-drift',
      at: { delivery: { operation: 'B2', nth: 3 } },
      host: 'r1',
      ppm: 500,
      durationUs: 20_000,
    },
    "clocks of r1 500 ppm fast for 20 ms, when B's 3rd message in B2 has been delivered",
  ],
  [
    { id: 'f1', class: 'client-crash', at, host: 'B', mode: 'kill', restartAfterUs: null },
    'kill of client B for good, at 5 ms',
  ],
  [
    { id: 'f1', class: 'client-crash', at, host: 'B', mode: 'power', restartAfterUs: 2_000 },
    'power loss of client B with a restart after 2 ms, at 5 ms',
  ],
  [
    { id: 'f1', class: 'server-crash', at, host: 'r1', restartAfterUs: 2_000 },
    'crash of r1 with a restart after 2 ms, at 5 ms',
  ],
  [
    { id: 'f1', class: 'partition', at, ...link, direction: 'both', durationUs: 1_000_000 },
    'partition between A and r2 for 1.000 s, at 5 ms',
  ],
  [
    { id: 'f1', class: 'partition', at, ...link, direction: 'to-client', durationUs: 1_000_000 },
    'partition from r2 to A for 1.000 s, at 5 ms',
  ],
  [
    {
      id: 'f1',
      class: 'delay',
      at,
      ...link,
      direction: 'to-server',
      durationUs: 9_000,
      byUs: 12_000_000,
    },
    'delay by 12.000 s from A to r2 for 9 ms, at 5 ms',
  ],
  [{ id: 'f1', class: 'lost-request', at, ...link }, 'loss of a request from A to r2, at 5 ms'],
  [{ id: 'f1', class: 'lost-reply', at, ...link }, 'loss of a reply from r2 to A, at 5 ms'],
  [{ id: 'f1', class: 'half-open', at, ...link }, 'silence on the connection of A to r2, at 5 ms'],
  [
    { id: 'f1', class: 'server-error', at, host: 'r1', durationUs: 1_000, error: 'OOM no memory' },
    'error OOM no memory from r1 for 1 ms, at 5 ms',
  ],
  [
    {
      id: 'f1',
      class: 'failover',
      at: { call: { operation: 'A1', nth: 2 } },
      host: 'r1',
      replica: 1,
    },
    "failover of r1 to its replica 1, at A's 2nd call in A1",
  ],
  [{ ...FAILOVER, host: 'p1', replica: 3 }, 'failover of p1 to its standby, at 1.000 s'],
  [{ ...FAILOVER, host: 'e1', replica: 3 }, 'leader of e1 stalled, at 1.000 s'],
  [{ ...FAILOVER, host: 'z1', replica: 1 }, 'change of leader of z1, at 1.000 s'],
  [{ ...FAILOVER, host: 'z1', replica: 2 }, 'leader of z1 cut off, at 1.000 s'],
  [{ ...FAILOVER, host: 'z1', replica: 3 }, 'follower of z1 cut off, at 1.000 s'],
];

test.each(FAULTS)('%# %s', (fault, words) => expect(necessaryWords(fault)).toBe(words));

test('every fault class has its words', () => {
  const told = new Set(FAULTS.map(([fault]) => fault.class));
  expect(FAULT_CLASSES.filter((one) => one !== 'interleaving' && !told.has(one))).toEqual([]);
});

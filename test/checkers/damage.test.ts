/** R12 damage: what a workload promises of the resource, as one history after another breaks it. */
import { describe, expect, test } from 'vitest';
import { findDamage } from '../../src/checkers/damage.js';
import { indexHistory } from '../../src/checkers/sections.js';
import type { Invariant } from '../../src/invariant.js';
import { type Told, toldAccesses } from './told-accesses.js';

/** The accesses that prove the damage, by their place among those told; and what it is. */
function damageIn(invariants: readonly Invariant[], told: readonly Told[]) {
  const index = indexHistory(toldAccesses(invariants, told).history());
  const found = findDamage(index, invariants);
  return found && [found.cause, ...found.witness.map((at) => index.accesses.indexOf(at))];
}

const balance: Invariant = { forbids: 'lost-update', cell: 'balance' };
const seats: Invariant = { forbids: 'double-booking', cells: 'seat' };
const runs: Invariant = { forbids: 'overlapping-runs', cell: 'run' };
const calls: Invariant = { forbids: 'over-limit', cell: 'call', limit: 2 };
const copy: Invariant = { forbids: 'stale-read', cell: 'copy', source: 'source' };

const kept: readonly (readonly [name: string, invariant: Invariant, told: readonly Told[]])[] = [
  [
    'one update after the other',
    balance,
    [
      ['A', 'read', 'balance', 0],
      ['A', 'write', 'balance', 5],
      ['B', 'read', 'balance', 5],
      ['B', 'write', 'balance', 7],
    ],
  ],
  [
    'the late update was refused',
    balance,
    [
      ['A', 'read', 'balance', 0],
      ['B', 'read', 'balance', 0],
      ['B', 'write', 'balance', 7],
      ['A', 'write', 'balance', 5, 'refused'],
    ],
  ],
  [
    'an update that nobody finished',
    balance,
    [
      ['A', 'read', 'balance', 0],
      ['B', 'read', 'balance', 0],
      ['B', 'write', 'balance', 7],
    ],
  ],
  [
    'another cell was written meanwhile',
    balance,
    [
      ['A', 'read', 'balance', 0],
      ['B', 'write', 'account', 7],
      ['A', 'write', 'balance', 5],
    ],
  ],
  [
    'a write that was made of nothing that was read',
    balance,
    [
      ['B', 'write', 'balance', 7],
      ['A', 'write', 'balance', 5],
    ],
  ],
  [
    'the updates of one holder',
    balance,
    [
      ['A', 'read', 'balance', 0],
      ['A', 'write', 'balance', 5],
      ['A', 'write', 'balance', 6],
    ],
  ],
  [
    'reading is no update',
    balance,
    [
      ['A', 'read', 'balance', 0],
      ['B', 'read', 'balance', 0],
      ['A', 'write', 'balance', 5],
    ],
  ],
  [
    'looking at a seat that is taken',
    seats,
    [
      ['A', 'write', 'seat 1', 1],
      ['B', 'read', 'seat 1', 1],
    ],
  ],
  [
    'giving back the seat of another one',
    seats,
    [
      ['A', 'write', 'seat 1', 1],
      ['B', 'write', 'seat 1', 0],
    ],
  ],
  [
    'booking again what one has',
    seats,
    [
      ['A', 'write', 'seat 1', 1],
      ['A', 'write', 'seat 1', 3],
    ],
  ],
  [
    'two seats',
    seats,
    [
      ['A', 'write', 'seat 1', 1],
      ['B', 'write', 'seat 2', 2],
    ],
  ],
  [
    'a seat that was given back',
    seats,
    [
      ['A', 'write', 'seat 1', 1],
      ['A', 'write', 'seat 1', 0],
      ['B', 'write', 'seat 1', 2],
    ],
  ],
  [
    'a cell whose name begins alike is no seat',
    seats,
    [
      ['A', 'write', 'seats', 1],
      ['B', 'write', 'seats', 2],
    ],
  ],
  [
    'one run after the other',
    runs,
    [
      ['A', 'write', 'run', 1],
      ['A', 'write', 'run', 0],
      ['B', 'write', 'run', 2],
      ['B', 'write', 'run', 0],
    ],
  ],
  [
    'a run that nobody ended, because its runner died',
    runs,
    [
      ['A', 'write', 'run', 1],
      ['B', 'write', 'run', 2],
      ['B', 'write', 'run', 0],
    ],
  ],
  [
    'looking is no run',
    runs,
    [
      ['A', 'write', 'run', 1],
      ['B', 'read', 'run', 1],
      ['A', 'write', 'run', 0],
    ],
  ],
  [
    'what another one wrote elsewhere is no turn',
    runs,
    [
      ['A', 'write', 'run', 1],
      ['B', 'write', 'walk', 2],
      ['A', 'write', 'run', 0],
    ],
  ],
  [
    'looking at calls, and writing elsewhere, is no call',
    calls,
    [
      ['A', 'write', 'call', 0],
      ['A', 'write', 'call', 0],
      ['B', 'read', 'call', 0],
      ['B', 'write', 'visit', 0],
    ],
  ],
  [
    'as many calls as the limit, in each window',
    calls,
    [
      ['A', 'write', 'call', 0],
      ['B', 'write', 'call', 0],
      ['A', 'write', 'call', 1],
      ['B', 'write', 'call', 1],
    ],
  ],
  [
    'a copy of what there is',
    copy,
    [
      ['A', 'write', 'source', 1],
      ['A', 'write', 'copy', 1],
      ['B', 'read', 'copy', 1],
    ],
  ],
  [
    'a copy of what nobody knows, and a source without a copy',
    copy,
    [
      ['A', 'write', 'copy', 1],
      ['B', 'read', 'copy', 1],
      ['B', 'read', 'source', 1],
    ],
  ],
  [
    'what was read is no copy that anybody wrote',
    copy,
    [
      ['A', 'write', 'source', 2],
      ['B', 'read', 'copy', 1],
    ],
  ],
  [
    'what is written elsewhere moves no source',
    copy,
    [
      ['A', 'write', 'source', 1],
      ['A', 'write', 'copy', 1],
      ['B', 'write', 'number', 5],
      ['B', 'read', 'copy', 1],
    ],
  ],
  [
    'a copy that was removed',
    copy,
    [
      ['A', 'write', 'copy', 1],
      ['A', 'write', 'copy', 0],
      ['A', 'write', 'source', 2],
      ['B', 'read', 'copy', 0],
    ],
  ],
  [
    'an old reading of something else',
    copy,
    [
      ['A', 'write', 'copy', 2],
      ['A', 'write', 'source', 2],
      ['B', 'read', 'number', 1],
    ],
  ],
  [
    'no copy',
    copy,
    [
      ['A', 'write', 'source', 2],
      ['B', 'read', 'copy', 0],
    ],
  ],
];

const broken: readonly (readonly [
  name: string,
  invariant: Invariant,
  told: readonly Told[],
  witness: readonly number[],
])[] = [
  [
    'an update over one that was not seen',
    balance,
    [
      ['A', 'read', 'balance', 0],
      ['B', 'read', 'balance', 0],
      ['B', 'write', 'balance', 7],
      ['A', 'write', 'balance', 5],
    ],
    [2, 3],
  ],
  [
    'an update of what one wrote oneself, over one that was not seen',
    balance,
    [
      ['A', 'read', 'balance', 0],
      ['A', 'write', 'balance', 5],
      ['B', 'write', 'balance', 7],
      ['A', 'write', 'balance', 6],
    ],
    [2, 3],
  ],
  [
    'a seat that is sold twice',
    seats,
    [
      ['A', 'read', 'seat 1', 0],
      ['B', 'write', 'seat 1', 2],
      ['A', 'write', 'seat 1', 1],
    ],
    [1, 2],
  ],
  [
    'the same of messages',
    { forbids: 'delivered-twice', cells: 'delivery' },
    [
      ['B', 'write', 'delivery 4', 2],
      ['A', 'write', 'delivery 4', 1],
    ],
    [0, 1],
  ],
  [
    'a run that ends when another has begun',
    runs,
    [
      ['A', 'write', 'run', 1],
      ['B', 'write', 'run', 2],
      ['A', 'write', 'run', 0],
    ],
    [0, 1, 2],
  ],
  [
    'leaders in turns',
    { forbids: 'two-leaders', cell: 'decision' },
    [
      ['A', 'write', 'decision', 1],
      ['B', 'write', 'decision', 2],
      ['B', 'write', 'decision', 3],
      ['A', 'write', 'decision', 2],
    ],
    [0, 2, 3],
  ],
  [
    'a call too many',
    calls,
    [
      ['A', 'write', 'call', 3],
      ['B', 'write', 'call', 4],
      ['A', 'write', 'call', 3],
      ['B', 'write', 'call', 3],
    ],
    [0, 2, 3],
  ],
  [
    'an old copy that was put back',
    copy,
    [
      ['B', 'write', 'source', 2],
      ['A', 'write', 'copy', 1],
      ['B', 'read', 'copy', 1],
    ],
    [0, 1, 2],
  ],
  [
    'an old copy that nobody removed',
    copy,
    [
      ['A', 'write', 'copy', 1],
      ['B', 'write', 'source', 2],
      ['A', 'read', 'copy', 1],
    ],
    [0, 1, 2],
  ],
];

describe('R12 damage', () => {
  test.each(kept)('R12 keeps the promise: %s', (_name, invariant, told) => {
    expect(damageIn([invariant], told)).toBeUndefined();
  });

  test.each(broken)('R12 breaks it: %s', (_name, invariant, told, witness) => {
    expect(damageIn([invariant], told)).toEqual([invariant.forbids, ...witness]);
  });

  test('R12 of several promises the one that is broken first counts', () => {
    const told: Told[] = [
      ['A', 'read', 'balance', 0],
      ['B', 'write', 'seat 1', 2],
      ['B', 'write', 'balance', 7],
      ['A', 'write', 'seat 1', 1],
      ['A', 'write', 'balance', 5],
    ];
    expect(damageIn([balance, seats], told)).toEqual(['double-booking', 1, 3]);
    expect(damageIn([seats, balance], told)).toEqual(['double-booking', 1, 3]);
    expect(damageIn([seats, runs], told)).toEqual(['double-booking', 1, 3]);
    expect(damageIn([balance], told)).toEqual(['lost-update', 2, 4]);
  });

  test('R12 of two promises broken by one access the first counts', () => {
    const told: Told[] = [
      ['A', 'read', 'seat 1', 0],
      ['A', 'write', 'seat 1', 1],
      ['B', 'write', 'seat 1', 2],
      ['A', 'write', 'seat 1', 3],
    ];
    const here: Invariant = { forbids: 'two-leaders', cell: 'seat 1' };
    const update: Invariant = { forbids: 'lost-update', cell: 'seat 1' };
    expect(damageIn([here, update], told)).toEqual(['two-leaders', 1, 2, 3]);
    expect(damageIn([update, here], told)).toEqual(['lost-update', 2, 3]);
  });
});

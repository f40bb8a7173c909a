/**
 * Transactions: every comparison, both branches, what is seen within them, nesting, and what is
 * refused before anything is done.
 */
import type { Compare, Operation } from '../../../../src/sim/servers/etcd/messages.js';
import { compare, FROM_KEY, grant, put, range, remove, txn } from '../requests.js';
import { type Sequence, sequence } from '../sequence.js';

const yes = put('taken', 'success');
const no = put('taken', 'failure');

/** Key `k` has version 2, was created at 3 and changed at 4, has lease 7 and value m; `n` is none. */
const setup = [
  grant(7, 100),
  put('j', 'a'),
  put('k', 'x', { lease: 7 }),
  put('k', 'm', { lease: 7 }),
];

const OPERANDS = {
  version: [0, 1, 2, 3],
  create: [0, 3, 4],
  mod: [0, 3, 4, 5],
  lease: [0, 6, 7, 8],
  value: ['', 'l', 'm', 'mm', 'n'],
} as const;

const comparisons: Sequence[] = (['version', 'create', 'mod', 'lease', 'value'] as const).flatMap(
  (target) =>
    (['=', '!=', '>', '<'] as const).map((sign) =>
      sequence(
        `compare ${target} ${sign}`,
        ...setup,
        ...OPERANDS[target].flatMap((operand) => [
          txn([compare(target, 'k', sign, operand)], [range('k')], []),
          txn([compare(target, 'n', sign, operand)], [range('j')], []),
          txn([compare(target, 'j', sign, operand, 'l')], [range('j', { rangeEnd: 'l' })], []),
          txn([compare(target, 'x', sign, operand, FROM_KEY)], [], [range('k')]),
        ]),
      ),
    ),
);

const branches: Sequence[] = [
  sequence(
    'all comparisons have to hold',
    put('k', 'v'),
    txn([compare('version', 'k', '=', 1), compare('value', 'k', '=', 'v')], [yes], [no]),
    txn([compare('version', 'k', '=', 1), compare('value', 'k', '=', 'w')], [yes], [no]),
    range('taken'),
  ),
  sequence('no comparison holds', txn([], [yes], [no]), range('taken')),
  sequence(
    'an empty transaction',
    txn([], []),
    put('k', 'v'),
    txn([], []),
    txn([compare('version', 'k', '=', 0)], []),
  ),
  sequence(
    'nothing but reads makes no revision',
    put('k', 'v'),
    txn([], [range('k'), range('l')]),
    txn([compare('version', 'l', '>', 0)], [put('l', '')], [range('k')]),
    range('k'),
  ),
  sequence(
    'a deletion of nothing makes no revision',
    put('k', 'v'),
    txn([], [remove('l')]),
    txn([], [remove('l'), put('m', '')]),
    txn([], [put('n', ''), remove('l')]),
  ),
  sequence(
    'reads see what was written before them',
    put('k', 'v'),
    txn(
      [],
      [
        range('k'),
        put('k', 'w', { prevKv: true }),
        range('k'),
        put('l', 'x'),
        range('k', { rangeEnd: 'z' }),
      ],
    ),
    txn([], [range('k'), remove('k', { prevKv: true }), range('k'), range('k', { rangeEnd: 'z' })]),
  ),
  sequence(
    'several writes have one revision',
    txn([], [put('a', '1'), put('b', '2'), put('c', '3')]),
    range('a', { rangeEnd: 'z' }),
    txn([], [remove('a'), remove('b'), put('d', '4')]),
    range('a', { rangeEnd: 'z' }),
  ),
  sequence(
    'a range as of an earlier revision',
    put('k', 'v'),
    put('k', 'w'),
    txn([], [range('k', { revision: 2 }), put('k', 'x'), range('k', { revision: 3 })]),
    txn([], [range('k', { revision: 2, serializable: true })]),
  ),
  sequence(
    'a range as of a revision to come',
    put('k', 'v'),
    txn([], [put('k', 'w'), range('k', { revision: 3 })]),
    txn([], [range('k', { revision: 9 })]),
    range('k'),
  ),
  sequence(
    'only the branch that is taken is checked',
    put('k', 'v'),
    txn([compare('version', 'k', '=', 1)], [range('k')], [range('k', { revision: 9 })]),
    txn([compare('version', 'k', '=', 1)], [put('l', '')], [put('m', '', { lease: 99 })]),
    txn([compare('version', 'k', '=', 2)], [put('l', '')], [put('m', '', { lease: 99 })]),
    range('k', { rangeEnd: 'z' }),
  ),
  sequence(
    'acquire and release by comparison',
    txn([compare('create', 'lock', '=', 0)], [put('lock', 'a')], [range('lock')]),
    txn([compare('create', 'lock', '=', 0)], [put('lock', 'b')], [range('lock')]),
    txn([compare('value', 'lock', '=', 'b')], [remove('lock')]),
    txn([compare('value', 'lock', '=', 'a')], [remove('lock')]),
    txn([compare('create', 'lock', '=', 0)], [put('lock', 'b')], [range('lock')]),
  ),
  sequence(
    'a deletion and what it held',
    ...setup,
    txn([], [remove('j', { rangeEnd: 'z', prevKv: true })]),
    range('j', { rangeEnd: 'z' }),
  ),
  sequence(
    'a range with all that ranges have',
    ...setup,
    txn(
      [],
      [
        range('j', { rangeEnd: 'z', sortTarget: 'mod', sortOrder: 'descend', limit: 1 }),
        range('j', { rangeEnd: 'z', countOnly: true }),
        range('j', { rangeEnd: 'z', keysOnly: true }),
        range('j', { rangeEnd: 'z', maxCreateRevision: 2 }),
      ],
    ),
  ),
];

const nested: Sequence[] = [
  sequence(
    'a transaction in a transaction',
    put('k', 'v'),
    txn(
      [],
      [
        put('a', '1'),
        txn([compare('version', 'k', '=', 1)], [put('b', '2'), range('a')], [put('c', '3')]),
        range('b'),
      ],
    ),
    range('a', { rangeEnd: 'z' }),
  ),
  sequence(
    'comparisons within are made before anything is written',
    txn([], [put('k', 'v'), txn([compare('version', 'k', '=', 1)], [yes], [no])]),
    range('taken'),
  ),
  sequence(
    'three levels',
    put('k', 'v'),
    txn(
      [compare('version', 'k', '>', 5)],
      [yes],
      [
        txn([], [txn([compare('value', 'k', '=', 'v')], [put('deep', '1')], [put('deep', '2')])]),
        txn([compare('version', 'k', '=', 0)], [put('x', '')], [put('y', '')]),
      ],
    ),
    range('a', { rangeEnd: 'z' }),
  ),
  sequence(
    'a nested transaction that only reads',
    put('k', 'v'),
    txn([], [txn([], [range('k')]), range('k')]),
    txn([], [txn([], [range('k', { serializable: true })])]),
    range('k'),
  ),
  sequence(
    'a nested one that is empty',
    txn([], [txn([], [])]),
    put('k', ''),
    txn([], [txn([], []), put('k', '')]),
  ),
  sequence(
    'a nested put is refused',
    put('k', 'v'),
    txn([], [put('a', ''), txn([], [put('b', '', { lease: 99 })])]),
    txn(
      [],
      [
        put('a', ''),
        txn([compare('version', 'k', '=', 9)], [put('b', '', { lease: 99 })], [put('c', '')]),
      ],
    ),
    range('a', { rangeEnd: 'z' }),
  ),
  sequence(
    'a nested range is refused',
    put('k', 'v'),
    txn([], [put('a', ''), txn([], [range('b', { revision: 99 })])]),
    range('a', { rangeEnd: 'z' }),
  ),
];

/** What must not stand together, in either branch and across levels. */
const DUPLICATES: readonly (readonly [name: string, operations: readonly Operation[]])[] = [
  ['put twice', [put('k', '1'), put('k', '2')]],
  ['put and delete', [put('k', '1'), remove('k')]],
  ['delete and put', [remove('k'), put('k', '1')]],
  ['delete a range and put into it', [remove('a', { rangeEnd: 'z' }), put('k', '1')]],
  ['delete a range and put at its end', [remove('a', { rangeEnd: 'k' }), put('k', '1')]],
  ['delete a range and put at its beginning', [remove('k', { rangeEnd: 'm' }), put('k', '1')]],
  [
    'delete all from a key on and put among them',
    [remove('a', { rangeEnd: FROM_KEY }), put('k', '1')],
  ],
  [
    'put and delete all from a key on',
    [put('k', '1'), remove('a', { rangeEnd: FROM_KEY }), range('k')],
  ],
  ['delete twice', [remove('k'), remove('k')]],
  ['delete overlapping ranges', [remove('a', { rangeEnd: 'm' }), remove('k', { rangeEnd: 'z' })]],
  ['delete an inverted range and put', [remove('z', { rangeEnd: 'a' }), put('k', '1')]],
  ['put in one, and in one within', [put('k', '1'), txn([], [put('k', '2')])]],
  ['put in one, and in a branch not taken within', [put('k', '1'), txn([], [], [put('k', '2')])]],
  ['put in both branches within', [txn([], [put('k', '1')], [put('k', '2')])]],
  ['put in two within', [txn([], [put('k', '1')]), txn([], [put('k', '2')])]],
  [
    'put in two within, of which one is not taken',
    [txn([], [put('k', '1')]), txn([], [], [put('k', '2')])],
  ],
  ['delete in one, put within', [remove('k'), txn([], [put('k', '2')])]],
  ['delete within, put in one', [txn([], [remove('k')]), put('k', '2')]],
  ['delete in a branch not taken within, put in one', [txn([], [], [remove('k')]), put('k', '2')]],
  ['delete in one branch within, put in the other', [txn([], [remove('k')], [put('k', '1')])]],
  ['delete within one, put within the next', [txn([], [remove('k')]), txn([], [put('k', '2')])]],
  ['put within one, delete within the next', [txn([], [put('k', '2')]), txn([], [remove('k')])]],
  ['the same two levels down', [txn([], [txn([], [put('k', '1'), put('k', '2')])])]],
];

const duplicates: Sequence[] = DUPLICATES.flatMap(([name, operations]) => [
  sequence(`${name}: if taken`, put('k', '0'), txn([], operations), range('k')),
  sequence(`${name}: if not taken`, put('k', '0'), txn([], [put('l', '')], operations), range('k')),
]);

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_none, index) => make(index));
const manyPuts = (count: number): Operation[] => times(count, (index) => put(`k${index}`, ''));
const manyReads = (count: number): Operation[] => times(count, () => range('k'));
const manyCompares = (count: number): Compare[] =>
  times(count, () => compare('version', 'k', '=', 0));

const refusals: Sequence[] = [
  sequence(
    '128 operations',
    txn([], manyPuts(128)),
    range('k', { rangeEnd: 'l', countOnly: true }),
  ),
  sequence(
    '129 operations',
    txn([], manyPuts(129)),
    range('k', { rangeEnd: 'l', countOnly: true }),
  ),
  sequence('129 operations in the branch not taken', txn([], [], manyReads(129))),
  sequence('128 and 129 comparisons', txn(manyCompares(128), []), txn(manyCompares(129), [])),
  sequence('128 in each branch', txn(manyCompares(1), manyReads(128), manyPuts(128))),
  sequence(
    'operations of outer levels count',
    txn([], [txn([], manyPuts(127))]),
    txn([], [txn([], manyPuts(128))]),
    txn([], [put('a', ''), put('b', ''), txn([], manyPuts(126))]),
  ),
  sequence('a comparison without a key', txn([compare('version', '', '=', 0)], [put('k', '')])),
  sequence(
    'an operation without a key',
    txn([], [put('', '')]),
    txn([], [range('')]),
    txn([], [remove('')]),
    txn([], [], [put('', '')]),
    txn([], [txn([], [put('', '')])]),
  ),
  sequence(
    'a value that is to be kept',
    put('k', 'v'),
    txn([], [put('k', 'w', { ignoreValue: true })]),
    txn([], [put('k', '', { ignoreValue: true, prevKv: true })]),
    txn([], [put('l', '', { ignoreValue: true })]),
    range('k', { rangeEnd: 'z' }),
  ),
  sequence(
    'a lease that is to be kept',
    grant(7, 100),
    put('k', 'v', { lease: 7 }),
    txn([], [put('k', 'w', { ignoreLease: true, lease: 7 })]),
    txn([], [put('k', 'w', { ignoreLease: true })]),
    txn([], [put('l', '', { ignoreLease: true })]),
    range('k', { rangeEnd: 'z' }),
  ),
  sequence(
    'a lease that is not there',
    txn([], [put('k', '', { lease: 99 })]),
    txn([], [put('a', ''), put('k', '', { lease: 99 })]),
    range('a', { rangeEnd: 'z' }),
  ),
  sequence(
    'neither key nor lease is there',
    put('k', '', { lease: 99, ignoreValue: true }),
    txn([], [put('k', '', { lease: 99, ignoreValue: true })]),
  ),
  sequence(
    'which refusal comes first',
    txn([], [put('k', '', { lease: 99 }), range('k', { revision: 99 })]),
    txn([], [range('k', { revision: 99 }), put('k', '', { lease: 99 })]),
    txn([], [put('k', ''), put('k', ''), put('', '')]),
  ),
  sequence(
    'a revision below 0',
    put('k', 'v'),
    txn([], [range('k', { revision: -1 })]),
    txn([], [put('l', ''), range('k', { revision: -1 })]),
  ),
];

export const TXNS = [...comparisons, ...branches, ...nested, ...duplicates, ...refusals];

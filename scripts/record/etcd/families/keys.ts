/**
 * Keys, one request at a time: what is written, read and deleted, every option of a range, and what
 * is refused.
 */
import { FROM_KEY, prefixEnd, prefixed, put, range, remove } from '../requests.js';
import { type Sequence, sequence } from '../sequence.js';

/** Five keys, of which one was changed twice and one was made anew. */
const FIVE = [
  put('c', '3'),
  put('a', '9'),
  put('b', '2'),
  put('a', '1'),
  put('e', '5'),
  remove('e'),
  put('d', '4'),
  put('e', '5'),
  put('a', '7'),
];

const writes: Sequence[] = [
  sequence('put and get', put('k', 'v'), range('k'), put('k', 'w'), range('k')),
  sequence('get of a key that is not there', range('k')),
  sequence('put of an empty value', put('k', ''), range('k')),
  sequence(
    'put that answers what was there',
    put('k', 'v', { prevKv: true }),
    put('k', 'w', { prevKv: true }),
    range('k'),
  ),
  sequence(
    'put that keeps the value',
    put('k', 'v'),
    put('k', '', { ignoreValue: true }),
    range('k'),
  ),
  sequence(
    'put that keeps the value, with a value',
    put('k', 'v'),
    put('k', 'w', { ignoreValue: true }),
    range('k'),
  ),
  sequence('put that keeps the value of no key', put('k', '', { ignoreValue: true }), range('k')),
  sequence('put that keeps the lease of no key', put('k', 'v', { ignoreLease: true }), range('k')),
  sequence(
    'put that keeps the lease, of which there is none',
    put('k', 'v'),
    put('k', 'w', { ignoreLease: true }),
    range('k'),
  ),
  sequence(
    'put that keeps both',
    put('k', 'v'),
    put('k', '', { ignoreLease: true, ignoreValue: true, prevKv: true }),
    range('k'),
  ),
  sequence('put without a key', put('', 'v')),
  sequence('get without a key', range('')),
  sequence('get of everything without a key', range('', { rangeEnd: FROM_KEY })),
  sequence('delete without a key', remove('')),
  sequence('delete', put('k', 'v'), remove('k'), range('k'), remove('k')),
  sequence('delete of a key that is not there', remove('k'), put('k', 'v')),
  sequence(
    'delete that answers what was there',
    put('k', 'v'),
    put('k', 'w'),
    remove('k', { prevKv: true }),
  ),
  sequence('delete of nothing that answers what was there', remove('k', { prevKv: true })),
  sequence(
    'a key made anew begins with version 1',
    put('k', 'v'),
    put('k', 'w'),
    remove('k'),
    put('k', 'x'),
    range('k'),
  ),
  sequence(
    'delete of a range',
    ...FIVE,
    remove('b', { rangeEnd: 'e', prevKv: true }),
    range('a', { rangeEnd: 'z' }),
  ),
  sequence(
    'delete of all from a key on',
    ...FIVE,
    remove('c', { rangeEnd: FROM_KEY }),
    range('a', { rangeEnd: 'z' }),
  ),
  sequence(
    'delete of everything',
    ...FIVE,
    remove(FROM_KEY, { rangeEnd: FROM_KEY }),
    range('a', { rangeEnd: 'z' }),
  ),
  sequence(
    'delete of a range whose end comes first',
    ...FIVE,
    remove('d', { rangeEnd: 'b' }),
    range('a', { rangeEnd: 'z' }),
  ),
  sequence(
    'delete of a prefix',
    put('lock/a', ''),
    put('lock/b', ''),
    put('lock0', ''),
    put('loc', ''),
    remove('lock/', { rangeEnd: prefixEnd('lock/') }),
    range(FROM_KEY, { rangeEnd: FROM_KEY }),
  ),
];

const ranges: Sequence[] = [
  sequence(
    'range',
    ...FIVE,
    range('b', { rangeEnd: 'd' }),
    range('b', { rangeEnd: 'b' }),
    range('d', { rangeEnd: 'b' }),
  ),
  sequence(
    'range from a key on, and of everything',
    ...FIVE,
    range('c', { rangeEnd: FROM_KEY }),
    range(FROM_KEY, { rangeEnd: FROM_KEY }),
  ),
  sequence(
    'a prefix ends before the next character',
    put('p/a', ''),
    put('p/', ''),
    put('p', ''),
    put('p0', ''),
    put('p/z/y', ''),
    prefixed('p/'),
    prefixed('p'),
  ),
  sequence(
    'order of keys is that of their bytes',
    put('é', ''),
    put('z', ''),
    put('Z', ''),
    put('\uffff', ''),
    put('\u{1f512}', ''),
    put('aa', ''),
    put('a', ''),
    put('~', ''),
    range(FROM_KEY, { rangeEnd: FROM_KEY, keysOnly: true }),
  ),
  sequence(
    'limit',
    ...FIVE,
    range('a', { rangeEnd: 'z', limit: 2 }),
    range('a', { rangeEnd: 'z', limit: 5 }),
    range('a', { rangeEnd: 'z', limit: 6 }),
    range('a', { limit: 1 }),
    range('a', { rangeEnd: 'z', limit: -1 }),
  ),
  sequence(
    'count and keys alone',
    ...FIVE,
    range('a', { rangeEnd: 'z', countOnly: true }),
    range('a', { rangeEnd: 'z', keysOnly: true }),
    range('a', { rangeEnd: 'z', countOnly: true, limit: 2 }),
    range('x', { countOnly: true }),
    range('a', { rangeEnd: 'z', countOnly: true, keysOnly: true }),
  ),
  sequence(
    'serializable',
    ...FIVE,
    range('a', { serializable: true }),
    range('a', { rangeEnd: 'z', serializable: true, limit: 1 }),
  ),
  ...(['key', 'version', 'create', 'mod', 'value'] as const).flatMap((sortTarget) =>
    (['none', 'ascend', 'descend'] as const).map((sortOrder) =>
      sequence(
        `sorted by ${sortTarget}, ${sortOrder}`,
        ...FIVE,
        range('a', { rangeEnd: 'z', sortTarget, sortOrder }),
        range('a', { rangeEnd: 'z', sortTarget, sortOrder, limit: 2 }),
        range('a', { rangeEnd: 'z', sortTarget, sortOrder, keysOnly: true, limit: 1 }),
      ),
    ),
  ),
];

const revisions: Sequence[] = [
  sequence(
    'the past',
    put('k', 'v'),
    put('l', 'x'),
    put('k', 'w'),
    remove('k'),
    put('k', 'z'),
    ...[2, 3, 4, 5, 6].map((revision) => range('k', { rangeEnd: 'z', revision })),
  ),
  sequence(
    'the future',
    put('k', 'v'),
    range('k', { revision: 3 }),
    range('k', { revision: 99, serializable: true }),
    range('k', { rangeEnd: 'z', countOnly: true, revision: 3 }),
  ),
  sequence(
    'a revision below 0 is the present',
    put('k', 'v'),
    range('k', { revision: -1 }),
    range('k', { revision: -99 }),
  ),
  sequence(
    'bounds of the change',
    ...FIVE,
    range('a', { rangeEnd: 'z', minModRevision: 4 }),
    range('a', { rangeEnd: 'z', maxModRevision: 8 }),
    range('a', { rangeEnd: 'z', minModRevision: 4, maxModRevision: 8, limit: 1 }),
    range('a', { minModRevision: 99 }),
  ),
  sequence(
    'bounds of the creation',
    ...FIVE,
    range('a', { rangeEnd: 'z', minCreateRevision: 4 }),
    range('a', { rangeEnd: 'z', maxCreateRevision: 3 }),
    range('a', { rangeEnd: 'z', minCreateRevision: 3, maxCreateRevision: 4 }),
    range('a', { rangeEnd: 'z', maxCreateRevision: -1 }),
  ),
  sequence(
    'the first and the last created up to a revision, as locks ask',
    ...FIVE,
    range('a', { rangeEnd: 'z', sortTarget: 'create', sortOrder: 'ascend', limit: 1 }),
    range('a', {
      rangeEnd: 'z',
      sortTarget: 'create',
      sortOrder: 'descend',
      limit: 1,
      maxCreateRevision: 4,
    }),
    range('a', {
      rangeEnd: 'z',
      sortTarget: 'create',
      sortOrder: 'descend',
      limit: 1,
      maxCreateRevision: 1,
    }),
  ),
  sequence(
    'bounds do not change the count',
    ...FIVE,
    range('a', { rangeEnd: 'z', countOnly: true, maxModRevision: 4 }),
    range('a', { rangeEnd: 'z', maxModRevision: 4, revision: 8 }),
  ),
];

export const KEYS = [...writes, ...ranges, ...revisions];

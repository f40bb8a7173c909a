/** Order among a handful of items, as checkers rely on it. */
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { sortFew } from '../../src/checkers/sorted.js';

const ITEM = fc.record({ rank: fc.integer({ min: 0, max: 3 }), place: fc.nat() });

test.prop([fc.array(ITEM, { maxLength: 9 })])(
  'a short list is sorted in place, and equal items keep their order',
  (items) => {
    const byRank = (a: { rank: number }, b: { rank: number }) => a.rank - b.rank;
    const list = [...items];
    expect(sortFew(list, byRank)).toBe(list);
    const expected = [0, 1, 2, 3].flatMap((rank) => items.filter((item) => item.rank === rank));
    list.forEach((item, at) => {
      expect(item).toBe(expected[at]);
    });
    expect(list).toHaveLength(items.length);
  },
);

/** What stands before a mark is known from what was sent, and is of no length without end. */
import { describe, expect, it } from 'vitest';
import { MarkedNames } from '../../../src/real/given/marked-names.js';

const put = (key: string) => ({ type: 'put', key, value: 'of hf-0123abcd:orders' });

describe('MarkedNames', () => {
  it('are keys and paths, and tell what stands before the mark once each', () => {
    const names = new MarkedNames('hf-0123abcd');
    const seen: string[][] = [];
    names.onMore = () => void seen.push([...names.before]);
    for (const body of [
      put('hf-0123abcd:orders/1'),
      { type: 'txn', compare: [], success: [put('/locks/hf-0123abcd:orders')], failure: [] },
      put('/locks/hf-0123abcd:a/hf-0123abcd:b'),
      put('/locks/hf-9999abcd:orders'),
      // Whatever becomes of the rest of the key.
      { type: 'create', path: '/app/locks-hf-0123abcd%3Aorders/lock-' },
      ['SET', 'before-hf-0123abcd:orders', '1'],
      undefined,
    ]) {
      names.lookAt(body);
    }
    expect(seen).toEqual([['/locks/'], ['/locks/', '/app/locks-']]);
    expect(names.isFull).toBe(false);
  });

  it('are a hundred at most, and say that there were more', () => {
    const names = new MarkedNames('hf-0123abcd');
    for (let id = 0; id < 100; id++) names.lookAt(put(`/locks/${id}-hf-0123abcd:orders`));
    expect([names.before.size, names.isFull]).toEqual([100, false]);
    names.lookAt(put('/locks/1-hf-0123abcd:orders'));
    expect(names.isFull).toBe(false);
    names.lookAt(put('/locks/100-hf-0123abcd:orders'));
    names.lookAt(put('/locks/1-hf-0123abcd:orders'));
    expect([names.before.size, names.isFull]).toEqual([100, true]);
  });
});

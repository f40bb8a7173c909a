/** What is waited for comes in order, is only looked at if so asked, and is not waited for ever. */
import { expect, test } from 'vitest';
import { Pending } from '../../../src/real/replay/pending.js';

test('what has come is taken in order, by who waits too', async () => {
  const pending = new Pending<number>();
  pending.add(1);
  pending.add(2);
  expect(await pending.next(1_000)).toBe(1);
  expect(pending.take()).toBe(2);
  const third = pending.next(1_000);
  pending.add(3);
  expect(await third).toBe(3);
});

test('who looks behind others takes nothing', async () => {
  const pending = new Pending<string>();
  const second = pending.peek(1, 1_000);
  pending.add('a');
  pending.add('b');
  expect(await second).toBe('b');
  expect([pending.take(), pending.take(), pending.take()]).toEqual(['a', 'b', undefined]);
});

test('nothing that does not come is waited for longer than said', async () => {
  const pending = new Pending<number>();
  expect(await pending.next(5)).toBeUndefined();
  pending.add(1);
  expect(await pending.peek(1, 5)).toBeUndefined();
  expect(await pending.next(5)).toBe(1);
});

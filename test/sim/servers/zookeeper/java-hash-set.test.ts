/**
 * The order of Java's HashSet; expected orders are what Java 17.0.15 printed for the same calls.
 */
import { describe, expect, it } from 'vitest';
import { JavaHashSet } from '../../../../src/sim/servers/zookeeper/java-hash-set.js';

const lock = (number: number) => `lock-${String(number).padStart(10, '0')}`;

describe('JavaHashSet', () => {
  it('grows, and forgets, in the order of java.util.HashSet', () => {
    const set = new JavaHashSet(8);
    for (let number = 0; number < 14; number++) set.add(lock(number));
    expect(set.values()).toEqual([9, 8, 7, 6, 1, 12, 0, 11, 10, 5, 4, 3, 2, 13].map(lock));
    set.delete(lock(3));
    set.add('ü');
    set.add('');
    const numbers = [9, 8, 7, 6, 1, 12, 0, 11, 10, 5].map(lock);
    expect(set.values()).toEqual(['', ...numbers, 'ü', ...[4, 2, 13].map(lock)]);
    expect(set.size).toBe(15);
  });

  it('copies as clone does', () => {
    const set = new JavaHashSet(16);
    for (const path of ['/t/b', '/t/a', '/t/zz', '/a/very/long/path']) set.add(path);
    expect(set.values()).toEqual(['/t/a', '/t/zz', '/a/very/long/path', '/t/b']);
    expect(set.clone().values()).toEqual(['/t/a', '/t/zz', '/a/very/long/path', '/t/b']);
  });

  it('grows early when many have one hash code', () => {
    const set = new JavaHashSet(8);
    const names = ['Aa', 'BB'].flatMap((a) =>
      ['Aa', 'BB'].flatMap((b) =>
        ['Aa', 'BB'].flatMap((c) => ['Aa', 'BB'].map((d) => a + b + c + d)),
      ),
    );
    for (const name of [...names.slice(0, 10), 'x', 'y']) set.add(name);
    expect(set.values()).toEqual([...names.slice(0, 10), 'x', 'y']);
  });

  it('leaves alone what it does not have', () => {
    const set = new JavaHashSet(16);
    set.add('a');
    set.delete('b');
    expect(set.values()).toEqual(['a']);
  });
});

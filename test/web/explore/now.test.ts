/** What holds at the cursor, in words. */
import { expect, test } from 'vitest';
import { stateAt } from '../../../src/timeline/derive/state.js';
import * as rest from '../../../src/timeline/picture/rest.js';
import { Scene } from '../../../src/timeline/picture/scene.js';
import { nowOf } from '../../../web/src/explore/now.js';
import { write } from '../../checkers/access-records.js';
import { type Story, story } from '../../checkers/history-builder.js';
import { modelOfStory } from '../../timeline/picture/drawn.js';

/** What a host does at an instant. */
function wordsAt(told: Story, host: string, atMs: number, more: typeof rest | undefined = rest) {
  const model = modelOfStory(told);
  const state = stateAt(model, atMs * 1_000);
  const { index } = model.hosts.find(({ id }) => id === host)!;
  return nowOf(new Scene(model), state.hosts[index], state.atUs, more);
}

const held = () => story('A', 'B').ttl(100).acquire('A', 0, { appliedMs: 10, endMs: 11 });

test('a server says whose lease it holds, and what is left of it', () => {
  expect(wordsAt(held().end(200), 'r1', 40)).toBe('A’s lease, 70 ms left by its clock');
  expect(wordsAt(held().end(200), 'r1', 40, undefined)).toBe('A’s lease, 70 ms left by its clock');
});

test('what is left of a lease is what the clock of its server says', () => {
  const told = held().clock('r1', 'wall', 30, 90).end(200);
  expect(wordsAt(told, 'r1', 40)).toBe('A’s lease, 10 ms left by its clock');
  expect(wordsAt(told, 'r1', 60)).toBe('A’s lease, over by its clock');
});

test('an extension counts from when it is applied', () => {
  const told = held().renew('A', 50, { appliedMs: 60 }).end(200);
  expect(wordsAt(told, 'r1', 59)).toBe('A’s lease, 51 ms left by its clock');
  expect(wordsAt(told, 'r1', 70)).toBe('A’s lease, 90 ms left by its clock');
});

test('leases at once are an item each, and one without an end has nothing left to tell', () => {
  const told = held().acquire('B', 20, { key: 'b', term: 'session', appliedMs: 21 }).end(200);
  expect(wordsAt(told, 'r1', 40)).toBe('A’s lease, 70 ms left by its clock; B’s lease');
});

test('a resource says the highest fencing token it has accepted so far', () => {
  const told = story('A')
    .acquire('A', 0)
    .add(write(1, 'A', 10, { fencingToken: 33 }))
    .add(write(1, 'A', 20, { fencingToken: 34 }))
    .add(write(1, 'A', 30, { fencingToken: 40, accepted: false }))
    .end(50);
  expect(wordsAt(told, 'store', 5)).toBe('');
  expect(wordsAt(told, 'store', 15)).toBe('highest fencing token 33');
  expect(wordsAt(told, 'store', 40)).toBe('highest fencing token 34');
});

test('who is dead does nothing, and may hold all the same', () => {
  const told = held().enter('A', 20).crash('A', 30).end(200);
  expect(wordsAt(told, 'A', 25)).toBe('believes and holds, inside');
  expect(wordsAt(told, 'A', 40)).toBe('dead, still holds');
});

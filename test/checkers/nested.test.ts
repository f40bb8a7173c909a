/** What is nested in a grant is part of it, and of what shape a history with it must be (R19). */
import { describe, expect, test } from 'vitest';
import { releasedAt, releaseInvokedAt } from '../../src/checkers/holding.js';
import { indexHistory, NONE } from '../../src/checkers/sections.js';
import { findMalformation } from '../../src/checkers/well-formed.js';
import { type Story, story } from './history-builder.js';
import { nestedAcquire, nestedAct, nestedRelease, queued, withAll } from './nested-records.js';

const inside = () => story('A', 'B').acquire('A', 0).enter('A', 2);
const nested = () =>
  withAll(inside(), [
    ...nestedAcquire(3),
    nestedAct('enter', 5),
    nestedAct('step', 6),
    nestedAct('exit', 7),
    ...nestedRelease(8),
  ]);
const problemOf = (told: Story) => findMalformation(told.history())?.problem;

test('R19 the acts of a nested grant are acts of the one around it', () => {
  const index = indexHistory(nested().exit('A', 10).release('A', 11).history());
  expect(index.grants).toHaveLength(1);
  expect(index.sections).toHaveLength(1);
  const [grant] = index.grants;
  const types = grant!.acts.map((at) => index.records[at]!.type);
  expect(types).toEqual(['enter', 'enter', 'step', 'exit', 'exit']);
  expect(index.records[grant!.enter]!.atUs).toBe(2_000);
  expect(index.records[grant!.exit]!.atUs).toBe(10_000);
  expect(index.grantById.get(101)).toBe(grant);
});

test('R19 who has left the inner section alone is inside still', () => {
  const [grant] = indexHistory(nested().history()).grants;
  expect(grant!.exit).toBe(NONE);
  expect(grant!.acts).toHaveLength(4);
});

test('R19 its calls are calls under the grant around it, and end as such', () => {
  const index = indexHistory(nested().history());
  const [grant] = index.grants;
  expect(grant!.acquire.invocation.call).toBe(1);
  expect(
    grant!.calls.map(({ invocation, completion }) => [invocation.action, completion?.type]),
  ).toEqual([
    ['acquire', 'ok'],
    ['release', 'ok'],
  ]);
});

test('R1 R19 only the release of the outermost grant gives it back', () => {
  const [held] = indexHistory(nested().history()).grants;
  expect([held!.releaseSent, releasedAt(held!), releaseInvokedAt(held!)]).toEqual([
    NONE,
    NONE,
    NONE,
  ]);
  const index = indexHistory(nested().release('A', 12).history());
  const [given] = index.grants;
  for (const at of [given!.releaseSent, releaseInvokedAt(given!)]) {
    expect(index.records[at]!.atUs).toBe(12_000);
  }
  expect(index.records[releasedAt(given!)]!.atUs).toBe(13_000);
});

test('R11 R19 what a nested grant is told, its holder is told', () => {
  const told = nested().add({ type: 'told', atUs: 9_000, grant: 101, how: 'release' });
  const index = indexHistory(told.history());
  expect(index.records[index.grants[0]!.told]).toMatchObject({ type: 'told', grant: 101 });
});

describe('R19 a history with nested grants is malformed if', () => {
  test('nothing is wrong with it: it is not', () => {
    expect(problemOf(nested().exit('A', 10))).toBeUndefined();
  });

  test('there is no grant around it', () => {
    const told = withAll(inside(), nestedAcquire(3, { outer: 7 }));
    expect(problemOf(told)).toContain('there is no acquire 7 before it');
  });

  test('the one around it was not granted', () => {
    const told = withAll(story('A').acquire('A', 0, { ends: 'fail' }), nestedAcquire(3));
    expect(problemOf(told)).toContain('grant 1 was not granted');
  });

  test("the one around it is another operation's, or another client's", () => {
    const of = (more: object) => problemOf(withAll(inside(), nestedAcquire(3, more)));
    expect(of({ operation: 'A2' })).toContain('grant 1 belongs to A1, not to A2');
    expect(of({ client: 'B' })).toContain('grant 1 belongs to A1, not to A1');
  });

  test('it enters outside of the section around it', () => {
    const sentence = 'grant 101 enters outside of the section that it is nested in';
    const before = withAll(story('A').acquire('A', 0), nestedAcquire(3));
    expect(problemOf(before.add(nestedAct('enter', 5)))).toContain(sentence);
    const after = withAll(inside(), nestedAcquire(3)).exit('A', 5);
    expect(problemOf(after.add(nestedAct('enter', 6)))).toContain(sentence);
  });
});

test('R20 a place in a queue is at a server of the lock', () => {
  expect(problemOf(inside().add(queued('B1', 3)))).toBeUndefined();
  expect(problemOf(inside().add(queued('B1', 3, 'left')))).toBeUndefined();
  for (const how of ['enqueued', 'left'] as const) {
    const told = inside().add(queued('B1', 3, how, { server: 'r9' }));
    expect(problemOf(told)).toContain('there is no server r9');
  }
});

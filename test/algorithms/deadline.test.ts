/** The local deadline of a grant: what it answers, whom it tells, and that its end is final. */
import { describe, expect, test } from 'vitest';
import { Deadline, EXPIRED, GONE } from '../../src/algorithms/deadline.js';
import { FakeWorld } from './fake-environment.js';

function setUp(endsAtMs: number) {
  const world = new FakeWorld();
  const environment = world.client('A');
  return { world, environment, deadline: new Deadline(environment, endsAtMs) };
}

describe('validForMs', () => {
  test('R11 counts down on the monotonic clock and is 0 from the end on', async () => {
    const { world, deadline } = setUp(100);
    expect(deadline.validForMs()).toBe(100);
    await world.advance(99.999);
    expect(deadline.validForMs()).toBe(0.001);
    await world.advance(0.001);
    expect(deadline.validForMs()).toBe(0);
    await world.advance(50);
    expect(deadline.validForMs()).toBe(0);
  });

  test('is exactly 0 at the end although sums of milliseconds are not exact', async () => {
    const sentAtMs = 1234.567;
    const ttlMs = 10_000.1;
    const { world, deadline } = setUp(sentAtMs + ttlMs);
    await world.advance(11_234.667);
    expect(deadline.validForMs()).toBe(0);
  });

  test('an end that never comes needs no timer; the grant may be lost all the same', () => {
    const { world, deadline } = setUp(Number.POSITIVE_INFINITY);
    const { signal } = deadline;
    expect(deadline.validForMs()).toBe(Number.POSITIVE_INFINITY);
    expect(world.timersOf('A')).toBe(0);
    deadline.lose(GONE);
    expect(signal.reason).toBe(GONE);
    expect(deadline.validForMs()).toBe(0);
  });

  test('an end that was seen is final', async () => {
    const { world, deadline } = setUp(100);
    await world.advance(100);
    expect(deadline.validForMs()).toBe(0);
    expect(deadline.extendTo(1_000)).toBe(false);
    expect(deadline.validForMs()).toBe(0);
  });

  test('an extension that comes after the end is refused, seen or not', async () => {
    const { world, deadline } = setUp(100);
    await world.advance(101);
    expect(deadline.extendTo(1_000)).toBe(false);
    expect(deadline.over).toBe(true);
  });
});

describe('signal', () => {
  test('R11 is aborted at the deadline, with one reason for all', async () => {
    const { world, deadline } = setUp(100);
    const { signal } = deadline;
    await world.advance(99.999);
    expect(signal.aborted).toBe(false);
    await world.advance(0.001);
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBe(EXPIRED);
  });

  test('R4 a pause between the look at the clock and the timer does not make it late', async () => {
    const { world, environment, deadline } = setUp(100);
    environment.pausesMs.after.push(60, 20);
    const { signal } = deadline;
    expect(world.nowMs).toBe(80);
    expect(world.timersOf('A')).toBe(1);
    await world.advance(19.999);
    expect(signal.aborted).toBe(false);
    await world.advance(0.001);
    expect(signal.aborted).toBe(true);
  });

  test('R4 a pause past the deadline while the timer is set tells at once', () => {
    const { world, environment, deadline } = setUp(100);
    environment.pausesMs.after.push(150);
    expect(deadline.signal.reason).toBe(EXPIRED);
    expect(world.timersOf('A')).toBe(0);
  });

  test('sets no timer before somebody asks for it', () => {
    const { world, deadline } = setUp(100);
    deadline.validForMs();
    expect(world.timersOf('A')).toBe(0);
    const first = deadline.signal;
    expect(world.timersOf('A')).toBe(1);
    expect(deadline.signal).toBe(first);
    expect(world.timersOf('A')).toBe(1);
  });

  test('is born aborted if the deadline has passed', async () => {
    const { world, deadline } = setUp(100);
    await world.advance(100);
    expect(deadline.signal.aborted).toBe(true);
    expect(world.timersOf('A')).toBe(0);
  });

  test('follows an extension', async () => {
    const { world, deadline } = setUp(100);
    const { signal } = deadline;
    await world.advance(50);
    expect(deadline.extendTo(250)).toBe(true);
    await world.advance(199.999);
    expect(signal.aborted).toBe(false);
    await world.advance(0.001);
    expect(signal.aborted).toBe(true);
  });

  test('follows a shortening, which never lengthens', async () => {
    const { world, deadline } = setUp(100);
    const { signal } = deadline;
    deadline.shortenTo(500);
    deadline.shortenTo(40);
    await world.advance(40);
    expect(signal.aborted).toBe(true);
    expect(world.timersOf('A')).toBe(0);
  });

  test('tells of a loss at once and leaves no timer behind', () => {
    const { world, deadline } = setUp(100);
    const { signal } = deadline;
    deadline.lose(GONE);
    expect(signal.reason).toBe(GONE);
    expect(deadline.validForMs()).toBe(0);
    expect(world.timersOf('A')).toBe(0);
  });

  test('an end by release tells nobody and leaves no timer behind', async () => {
    const { world, deadline } = setUp(100);
    const { signal } = deadline;
    deadline.end();
    expect(world.timersOf('A')).toBe(0);
    await world.advance(200);
    expect(signal.aborted).toBe(false);
    expect(deadline.validForMs()).toBe(0);
  });
});

describe('onLost', () => {
  test('R11 calls back at the deadline, everybody who asked, and makes no signal', async () => {
    const { world, deadline } = setUp(100);
    const told: string[] = [];
    deadline.onLost(() => told.push('first'));
    deadline.onLost(() => told.push('second'));
    expect(world.timersOf('A')).toBe(1);
    await world.advance(99.999);
    expect(told).toEqual([]);
    await world.advance(0.001);
    expect(told).toEqual(['first', 'second']);
  });

  test('calls back at once if the grant is lost, and never if it was released', () => {
    const lost = setUp(100).deadline;
    lost.lose(GONE);
    let calls = 0;
    lost.onLost(() => calls++);
    expect(calls).toBe(1);
    const { world, deadline } = setUp(100);
    deadline.end();
    deadline.onLost(() => calls++);
    expect(calls).toBe(1);
    expect(world.timersOf('A')).toBe(0);
  });
});

test('onOver is called once, whatever ends the grant first', () => {
  const { deadline } = setUp(100);
  let calls = 0;
  deadline.onOver = () => {
    calls += 1;
  };
  deadline.lose(GONE);
  deadline.end();
  deadline.lose(EXPIRED);
  expect(calls).toBe(1);
  expect(deadline.signal.reason).toBe(GONE);
});

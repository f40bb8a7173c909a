/**
 * Why an acquire was not granted although nobody held the lock (docs/semantics.md, R10): only what
 * the run shows, and that it is not known where it is not.
 */
import { describe, expect, test } from 'vitest';
import { progress } from '../../src/checkers/progress.js';
import type { Fault } from '../../src/fault.js';
import type { LeaseRecord } from '../../src/history.js';
import { narrate } from '../../src/story/narrative/index.js';
import { storyRows } from '../../src/story/rows.js';
import type { TraceMessage } from '../../src/trace.js';
import type { Story } from '../checkers/history-builder.js';
import { judge } from '../checkers/judging.js';
import { probed, waiting, world } from '../checkers/waiting-stories.js';
import { type Beneath, traceOf } from './telling.js';

function why(of: Story, beneath: Beneath = {}): string {
  const verdict = judge(progress, of);
  expect(verdict.verdict).toBe('invalid');
  return narrate(verdict, traceOf(of, beneath));
}

/** A request of the waiting client that leaves at an instant, and what it is answered at once. */
function asked(atMs: number, text: string, answer?: string): TraceMessage[] {
  const atUs = atMs * 1_000;
  const request = { from: 'P', to: 'r1', sentAtUs: atUs, dueUs: atUs + 500, endedAtUs: atUs + 500 };
  const there = { ...request, fate: 'delivered', text } as const;
  if (answer === undefined) return [there];
  const back = { from: 'r1', to: 'P', sentAtUs: atUs + 500, dueUs: atUs + 900 };
  return [there, { ...back, endedAtUs: atUs + 900, fate: 'delivered', text: answer }];
}

/** An extension that belongs to no operation. */
const renewed = (atMs: number, server = 'r1'): LeaseRecord => ({
  type: 'lease',
  atUs: atMs * 1_000,
  lease: 90 + atMs,
  key: 'lock',
  server,
  host: 'A',
  incarnation: 1,
  operation: 'A1',
  sentAtUs: atMs * 1_000 - 500,
  termUs: 100_000,
  extends: true,
});

describe('R10 nobody is granted a lock that nobody holds', () => {
  test('a lease that is renewed although its client released it', () => {
    const renewing = world('A', 'P')
      .acquire('A', 0)
      .release('A', 20, { on: [], endMs: 22, ends: 'info' });
    for (const atMs of [60, 110, 160]) renewing.add(renewed(atMs));
    const told = why(probed(renewing, null).end(300), {
      messages: asked(140, 'SET lock P NX', '(nil)'),
    });
    expect(told).toContain('by 100.5 ms every lease that nobody held had to be gone');
    expect(told).toContain(
      'The lease of A in A1 on r1 still stood at 120.5 ms: at 110 ms a request of A had ' +
        'extended it, although nobody holds it.',
    );
    expect(told).toContain('What helps: stop every renewal before the release');
    expect(told).not.toMatch(/free|wait with a bound/);
  });

  test('keys that it made itself and did not take back', () => {
    const own = world('P')
      .servers('r1', 'r2', 'r3')
      .acquire('P', 50, { ...waiting, on: ['r2'], ackedMs: null });
    const told = why(own.leaseEnd('P', 150, 'expired', { server: 'r2' }));
    expect(told).toContain('Requests of P itself had made a key on r2');
    expect(told).toContain('it kept itself out');
  });

  test('who asks all the time is told what it was answered', () => {
    const messages = [
      ...asked(50, 'RPUSH q P1', '(integer) 2'),
      ...asked(55, 'LINDEX q 0', '"A1"'),
      ...asked(68, 'LINDEX q 0', '"A1"'),
    ];
    const told = why(probed(world('P'), null), { messages });
    expect(told).toContain(
      'P asked again and again: its request "LINDEX q 0" of 68 ms was answered "A1".',
    );
    expect(told).toContain('something that requests had left at the server before');
    expect(told).not.toMatch(/free|a message will come/);
  });

  test('who asked once, and waits, is told so; heartbeats ask nothing', () => {
    const once = asked(51, 'stat -w /lock/A', 'owner 1');
    const told = why(probed(world('P'), null), { messages: [...once, ...asked(69, 'ping', 'OK')] });
    expect(told).toContain(
      'After its request "stat -w /lock/A" of 51 ms P asked nothing more, and nobody woke it.',
    );
    expect(told).toContain('instead of trusting that a message will come');
    const unanswered = why(probed(world('P'), null), { messages: asked(51, 'BLPOP q 0') });
    expect(unanswered).toContain('P waited for an answer to its request "BLPOP q 0" of 51 ms');
  });

  test('who died has a row, and is named, where few faults are all there was', () => {
    const died: Fault = {
      id: 'f1',
      class: 'client-crash',
      at: { atUs: 40_000 },
      host: 'A',
      mode: 'kill',
      restartAfterUs: null,
    };
    const told = probed(
      world('A', 'P').acquire('A', 0, { on: [], endMs: null }).crash('A', 40),
      null,
    );
    const beneath = { faults: [died], messages: asked(68, 'LINDEX q 0', '"A1"') };
    expect(why(told, beneath)).toContain('Clients had died: A at 40 ms.');
    const rows = (more: Beneath) => storyRows(traceOf(told, more), judge(progress, told));
    expect(rows(beneath)).toContainEqual(expect.objectContaining({ host: 'A', text: 'dies' }));
    const many = ['f1', 'f2', 'f3', 'f4'].map((id) => ({ ...died, id }));
    expect(rows({ faults: many }).some(({ text }) => text === 'dies')).toBe(false);
  });

  test('nothing is made up where nothing is known', () => {
    expect(why(probed(world('P'), null))).toContain('The run does not show why.');
  });
});

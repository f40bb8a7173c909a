/**
 * What lessons say of more runs than the one that is shown: which calls of a client are which,
 * which choices solve a task, and what would be if somebody had lived.
 */
import { describe, expect, it } from 'vitest';
import type { HistoryRecord } from '../../src/history.js';
import type { Step } from '../../src/lessons/lesson.js';
import type { Patch } from '../../src/lessons/patch.js';
import { type Facts, keeps, wrote, wroteLate } from '../../src/lessons/predicates.js';
import { pauseAt, pauseAtCall } from '../../src/lessons/start.js';
import { lessons } from './all.js';
import { factsOf } from './running.js';

function at(link: string) {
  const [id, step] = link.split('/');
  const lesson = lessons.find((one) => one.id === id)!;
  return { lesson, step: lesson.steps[Number(step) - 1]! };
}

async function factsAt(link: string, edits: Patch): Promise<Facts> {
  const { lesson, step } = at(link);
  return factsOf(lesson, step, edits);
}

/** What A does first when it wakes, but for being told that it is late: what the call does. */
async function doneAtCall(link: string, nth: number): Promise<HistoryRecord> {
  const { model } = await factsAt(link, [{ set: 'fault', to: pauseAtCall(nth, 5_000) }]);
  const records = Array.from({ length: model.rows }, (_, row) => model.record(row));
  const woken = records.findIndex((record) => record.type === 'host' && record.state === 'resumed');
  return records.find(({ type }, row) => {
    return row > woken && type !== 'told' && model.hosts[model.host[row]!]?.id === 'A';
  })!;
}

describe('calls that a lesson names by number', () => {
  it.each(['two-steps/3', 'check-before-writing/4'])('%s: 14 looks, 15 writes', async (link) => {
    expect(await doneAtCall(link, 14)).toMatchObject({ type: 'validity', validForMs: 0 });
    expect(await doneAtCall(link, 15)).toMatchObject({ type: 'step', access: 'write' });
  });

  it('two-steps: 18 sends GET, 19 sends DEL', async () => {
    for (const [nth, text] of [
      [18, 'GET orders'],
      [19, 'DEL orders'],
    ] as const) {
      const { model } = await factsAt('two-steps/3', [
        { set: 'fault', to: pauseAtCall(nth, 5_000) },
      ]);
      const wokenUs = model.spansOf('paused')[0]!.untilUs;
      const sent = model.messages.filter(
        (one) => model.hosts[one.from]?.id === 'A' && one.sentAtUs >= wokenUs,
      );
      expect(sent[0]?.text).toBe(text);
    }
  });

  it.each(['two-steps/3', 'check-before-writing/4'])('%s: one call alone does it', async (link) => {
    const task = at(link).step.task!;
    const [solution] = task.solution;
    if (solution?.set !== 'fault' || !('call' in solution.to.at)) throw new Error('no call');
    const { durationUs } = solution.to as { readonly durationUs: number };
    const solved: number[] = [];
    for (let nth = 1; nth <= 20; nth++) {
      const to = pauseAtCall(nth, durationUs / 1_000);
      if (task.goal(await factsAt(link, [{ set: 'fault', to }]))) solved.push(nth);
    }
    expect(solved).toEqual([solution.to.at.call.nth]);
  });
});

describe('locks to choose from', () => {
  const choices: readonly (readonly [link: string, solving: readonly string[]])[] = [
    ['whose-key/4', ['get-then-delete', 'set-nx']],
    ['two-steps/5', []],
    ['fencing/4', ['set-nx-fenced']],
    ['delayed-packet/4', ['set-nx-fenced']],
    ['the-watchdog/4', []],
  ];

  it('are those of all tasks that let choose', () => {
    const choosing = lessons.flatMap(({ id, steps }) =>
      steps.flatMap((step, at) => (amongOf(step).length > 0 ? [`${id}/${at + 1}`] : [])),
    );
    expect(choosing).toEqual(choices.map(([link]) => link));
  });

  it.each(choices)('%s is solved by %j alone', async (link, solving) => {
    const { task } = at(link).step;
    const solved: string[] = [];
    for (const to of amongOf(at(link).step)) {
      if (task!.goal(await factsAt(link, [{ set: 'algorithm', to }]))) solved.push(to);
    }
    expect(solved).toEqual(solving);
  });
});

const amongOf = ({ task }: Step): readonly string[] =>
  task?.offers.flatMap((offer) => (offer.field === 'algorithm' ? offer.among : [])) ?? [];

describe('what would have been', () => {
  it('the-pause/4: a pause that ends before the lease does no harm, one that ends later does', async () => {
    const { task } = at('the-pause/4').step;
    const solved = async (durationMs: number) =>
      task!.goal(await factsAt('the-pause/4', [{ set: 'fault', to: pauseAt(1_000, durationMs) }]));
    expect([await solved(9_000), await solved(9_500)]).toEqual([true, false]);
    // Here B happens to ask later than A writes: nothing breaks, by luck.
    const lucky = await factsAt('the-pause/4', [{ set: 'fault', to: pauseAt(1_000, 9_075) }]);
    expect([keeps('mutual-exclusion')(lucky), task!.goal(lucky)]).toEqual([true, false]);
  });

  it('too-short-a-lease/4: a lease that is over before the work is none, whoever asks when', async () => {
    const { task } = at('too-short-a-lease/4').step;
    const lucky = await factsAt('too-short-a-lease/4', [{ set: 'ttlMs', to: 2_870 }]);
    expect([keeps('mutual-exclusion')(lucky), task!.goal(lucky)]).toEqual([true, false]);
    const enough = await factsAt('too-short-a-lease/4', [{ set: 'ttlMs', to: 3_010 }]);
    expect(task!.goal(enough)).toBe(true);
  });

  it('delayed-packet/3: to renew helps as long as A lives', async () => {
    const facts = await factsAt('delayed-packet/3', [{ set: 'no-fault', id: 'f2' }]);
    expect([keeps('resource-safety'), wrote('A')].map((holds) => holds(facts))).toEqual([
      true,
      true,
    ]);
    expect(wroteLate('A', 'B')(facts)).toBe(false);
  });

  it('the-watchdog/1: a dead holder keeps its lease for a TTL after the last renewal', async () => {
    const facts = await factsAt('the-watchdog/1', [
      {
        set: 'fault',
        to: {
          id: 'f1',
          class: 'client-crash',
          at: { atUs: 4_500_000 },
          host: 'A',
          mode: 'kill',
          restartAfterUs: null,
        },
      },
    ]);
    const { model } = facts;
    const [held] = model.spansOf('held');
    const renewals = model.messages.filter(({ text }) => text.includes('PEXPIRE'));
    const last = renewals.findLast(({ from }) => model.hosts[from]?.id === 'A')!;
    const lastedMs = (held!.untilUs - last.endedAtUs) / 1_000;
    expect(Math.floor(lastedMs)).toBe(facts.scenario.ttlMs);
  });
});

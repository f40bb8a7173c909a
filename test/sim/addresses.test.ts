/** Taking something out of a scenario leaves all that is decided elsewhere as it was (R6). */
import { describe, expect, test, vi } from 'vitest';
import type { Environment } from '../../src/algorithms/environment.js';
import type { Fault } from '../../src/fault.js';
import { seedKey } from '../../src/seed-key.js';
import {
  EditedDecisions,
  RecordedDecisions,
  ReplayDiffers,
  SeededDecisions,
} from '../../src/sim/decisions.js';
import { EventQueue, type SimEvent } from '../../src/sim/queue.js';
import { at, call, KEY, outcome, runScript, type Script, type Setting } from './run.js';

const SEED = seedKey('addresses');

/** Clients that draw and talk, and what each operation drew: numbers, owner ids, latencies. */
function talkative(ids: readonly string[]) {
  const drawn: Record<string, unknown[]> = {};
  const code = (id: string) => async (environment: Environment) => {
    const list: unknown[] = [];
    drawn[id] = list;
    list.push(environment.random());
    for (let round = 0; round < 5; round++) {
      const sentMs = environment.monoMs();
      await environment.redis[0]!.call('PING');
      list.push(Math.round((environment.monoMs() - sentMs) * 1_000));
    }
    list.push(environment.random());
  };
  const script: Script = Object.fromEntries(ids.map((id) => [id, code(id)]));
  return { script, drawn };
}

async function drawnBy(ids: readonly string[], setting: Setting = {}) {
  const { script, drawn } = talkative(ids);
  const decisions = new SeededDecisions(SEED, true);
  const run = await runScript(script, { ...setting, decisions });
  return { drawn, decisions: run.decisions! };
}

const ALL = ['A1', 'A2', 'A3', 'B1', 'B2', 'B3'];

describe('R6 what is left decides as before', () => {
  test('R6 when an operation is taken out', async () => {
    const whole = await drawnBy(ALL);
    const less = await drawnBy(ALL.filter((id) => id !== 'A2'));
    expect(Object.keys(less.drawn)).toHaveLength(5);
    for (const [id, list] of Object.entries(less.drawn))
      expect([id, list]).toEqual([id, whole.drawn[id]]);
  });

  test('R6 when a client is taken out', async () => {
    const whole = await drawnBy(ALL);
    const less = await drawnBy(['B1', 'B2', 'B3']);
    for (const [id, list] of Object.entries(less.drawn))
      expect([id, list]).toEqual([id, whole.drawn[id]]);
  });

  test('R6 when a fault is taken out', async () => {
    const faults: Fault[] = [
      { id: 'f1', class: 'pause', at: call('A1', 3), host: 'A', durationUs: 10_000 },
      { id: 'f2', class: 'clock-step', at: at(2_000), host: 'B', byUs: 7_000 },
    ];
    const whole = await drawnBy(ALL, { faults });
    const less = await drawnBy(ALL, { faults: faults.slice(1) });
    for (const id of ['A2', 'A3', 'B1', 'B2', 'B3'])
      expect(less.drawn[id]).toEqual(whole.drawn[id]);
  });

  test('R6 owner ids: those of other operations and clients stay', async () => {
    const owners = async (ids: readonly string[]) => {
      const drawn: Record<string, string[]> = {};
      const code = (id: string) => (environment: Environment) => {
        drawn[id] = [environment.ownerId(), environment.ownerId()];
      };
      const script = Object.fromEntries(ids.map((id) => [id, code(id)]));
      await runScript(script, { decisions: new SeededDecisions(SEED) });
      return drawn;
    };
    const whole = await owners(['A1', 'A2', 'B1']);
    expect(new Set(Object.values(whole).flat()).size).toBe(6);
    expect(await owners(['A2', 'B1'])).toEqual({ A2: whole['A2'], B1: whole['B1'] });
  });

  test('R6 the priority of a fault in ties: that of the others stays', async () => {
    const faults = ['f1', 'f2', 'f3'].map(
      (id, index): Fault => ({
        id,
        class: 'clock-step',
        at: at(1_000 * index),
        host: 'A',
        byUs: 5,
      }),
    );
    const ties = async (kept: readonly Fault[]) => {
      const seen: Record<string, number> = {};
      const push = vi.spyOn(EventQueue.prototype, 'push').mockImplementation(function (
        this: EventQueue,
        event: SimEvent,
      ) {
        const fault = event.payload as Fault | undefined;
        if (fault?.class === 'clock-step') seen[fault.id] = event.tie;
        original.call(this, event);
      });
      await runScript({ A1: () => {} }, { faults: kept, decisions: new SeededDecisions(SEED) });
      push.mockRestore();
      return seen;
    };
    const original = EventQueue.prototype.push;
    const whole = await ties(faults);
    expect(Object.keys(whole)).toEqual(['f1', 'f2', 'f3']);
    expect(await ties(faults.slice(1))).toEqual({ f2: whole['f2'], f3: whole['f3'] });
  });
});

describe('R6 exact replay', () => {
  const setting: Setting = {
    faults: [{ id: 'f1', class: 'pause', at: call('B2', 3), host: 'B', durationUs: 10_000 }],
  };

  test('R6 the recorded decisions give the same run', async () => {
    const { script } = talkative(ALL);
    const run = await runScript(script, { ...setting, decisions: new SeededDecisions(SEED, true) });
    const decisions = new RecordedDecisions(SEED, run.decisions!);
    const again = await runScript(script, { ...setting, decisions });
    expect(again.digest).toBe(run.digest);
    expect(() => decisions.assertAllAsked()).not.toThrow();
  });

  test('R6 a run that asks for more rejects and says where, and the next run is not disturbed', async () => {
    const { decisions } = await drawnBy(ALL.slice(1));
    const { script } = talkative(ALL);
    const replay = new RecordedDecisions(SEED, decisions);
    const [how, error] = await outcome(runScript(script, { decisions: replay }));
    expect(how).toBe('error');
    expect(error).toBeInstanceOf(ReplayDiffers);
    expect((error as Error).message).toMatch(/operation 1, number 0/);
    expect((await drawnBy(['A1'])).drawn['A1']).toHaveLength(7);
  });

  test('R6 a difference inside lock code is not swallowed by the lock', async () => {
    const { decisions } = await drawnBy(['A1']);
    const withoutRandom = decisions.filter((one) => one.purpose !== decisions[0]!.purpose);
    const replay = new RecordedDecisions(SEED, withoutRandom);
    const script: Script = {
      A1: async (environment) => {
        try {
          environment.random();
        } catch {
          // A lock that catches everything.
        }
      },
    };
    const [how, error] = await outcome(runScript(script, { decisions: replay }));
    expect([how, error]).toEqual(['error', expect.any(ReplayDiffers)]);
  });

  test('R6 a run that asks for less leaves decisions over', async () => {
    const { decisions } = await drawnBy(ALL);
    const { script } = talkative(ALL.slice(1));
    const replay = new RecordedDecisions(SEED, decisions);
    await runScript(script, { decisions: replay });
    expect(() => replay.assertAllAsked()).toThrow(/never asked: .* operation 1,/);
  });
});

describe('R6 edited', () => {
  test('R6 the asked overrides of a run give the same run', async () => {
    const { script } = talkative(ALL);
    const seeded = new SeededDecisions(SEED, true);
    const run = await runScript(script, { decisions: seeded });
    const foreign = { subject: 9, purpose: 16, operation: 1, ordinal: 0, n: 9, value: 1 };
    const edited = new EditedDecisions(SEED, [...run.decisions!, foreign]);
    const again = await runScript(script, { decisions: edited });
    expect(again.digest).toBe(run.digest);
    expect(edited.unused).toBe(1);
    const pruned = new EditedDecisions(SEED, edited.asked());
    expect((await runScript(script, { decisions: pruned })).digest).toBe(run.digest);
    expect(pruned.unused).toBe(0);
  });

  test('R6 the defaults are harmless: median latency, ties by lane, no fault', async () => {
    const { script, drawn } = talkative(ALL);
    const run = await runScript(script, { decisions: new EditedDecisions(KEY, []) });
    for (const list of Object.values(drawn)) {
      expect(list.slice(1, -1)).toEqual([1_200, 1_200, 1_200, 1_200, 1_200]);
    }
    // Not what code makes ids of: there the seed answers, so that they differ.
    const random = Object.values(drawn).flatMap((list) => [list[0], list.at(-1)]);
    expect(new Set(random).size).toBe(2 * ALL.length);
    expect(run.history.records.filter(({ type }) => type === 'fault')).toEqual([]);
  });
});

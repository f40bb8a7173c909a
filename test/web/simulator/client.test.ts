/** The page's side of the simulator, against a worker that answers when the test says so. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunPlan } from '../../../src/search/replay-code.js';
import { Simulator, type WorkerPort } from '../../../web/src/simulator/client.js';
import type { Message, Played, Request } from '../../../web/src/simulator/protocol.js';

class FakeWorker implements WorkerPort {
  readonly asked: Request[] = [];
  ended = false;
  onmessage: WorkerPort['onmessage'] = null;
  onerror: WorkerPort['onerror'] = null;

  postMessage(request: Request): void {
    this.asked.push(request);
  }

  terminate(): void {
    this.ended = true;
  }

  say(data: Message): void {
    this.onmessage?.call(this as never, { data } as MessageEvent<Message>);
  }

  /** Answers the run that was asked for last. */
  play(digest: string): void {
    const last = this.asked.findLast(({ kind }) => kind === 'play')!;
    this.say({ kind: 'played', id: last.id, value: { digest } as Played });
  }
}

const plan = (ttlMs: number) => ({ scenario: { ttlMs }, key: [1, 2, 3, 4] }) as unknown as RunPlan;
const nameOf = (run: Promise<unknown>) =>
  run.then(
    () => 'played',
    (error: Error) => error.name,
  );

let workers: FakeWorker[];
let simulator: Simulator;
beforeEach(() => {
  vi.useFakeTimers();
  workers = [];
  simulator = new Simulator(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  });
  workers[0]!.say({ kind: 'ready' });
});
afterEach(() => {
  simulator.close();
  vi.useRealTimers();
});

const ttlsAsked = () =>
  workers[0]!.asked.flatMap((one) => (one.kind === 'play' ? [one.plan.scenario.ttlMs] : []));

describe('the latest run wins', () => {
  it('one run is under way at a time; of those that wait the last is made', async () => {
    const runs = [1, 2, 3].map((ttlMs) => nameOf(simulator.play(plan(ttlMs))));
    expect(ttlsAsked()).toEqual([1]);
    workers[0]!.play('a');
    expect(ttlsAsked()).toEqual([1, 3]);
    workers[0]!.play('b');
    expect(await Promise.all(runs)).toEqual(['played', 'Superseded', 'played']);
  });

  it('a run that takes long is given up for the next one, not before', async () => {
    const first = nameOf(simulator.play(plan(1)));
    vi.advanceTimersByTime(60);
    simulator.play(plan(2)).catch(() => {});
    vi.advanceTimersByTime(39);
    expect(workers[0]!.asked.some(({ kind }) => kind === 'give-up')).toBe(false);
    vi.advanceTimersByTime(1);
    expect(workers[0]!.asked.at(-1)).toEqual({ kind: 'give-up', id: 1 });
    workers[0]!.say({ kind: 'superseded', id: 1 });
    expect(await first).toBe('Superseded');
    expect(ttlsAsked()).toEqual([1, 2]);
  });

  it('a run that nobody waits behind is never given up', () => {
    simulator.play(plan(1)).catch(() => {});
    vi.advanceTimersByTime(4_000);
    expect(workers[0]!.asked.map(({ kind }) => kind)).toEqual(['play']);
  });
});

describe('a worker that is silent', () => {
  it('is ended and replaced, and the run that waits goes to the new one', async () => {
    const first = simulator.play(plan(1));
    const refused = expect(first).rejects.toMatchObject({
      name: 'NotYielding',
      message: 'the code under test blocks its thread: it was ended after 5 s',
    });
    const second = nameOf(simulator.play(plan(2)));
    vi.advanceTimersByTime(7_000);
    await refused;
    expect(workers.map(({ ended }) => ended)).toEqual([true, false]);
    workers[1]!.play('b');
    expect(await second).toBe('played');
  });

  it('is left alone while it says that it is alive, or has nothing to do', () => {
    vi.advanceTimersByTime(20_000);
    simulator.play(plan(1)).catch(() => {});
    for (let second = 0; second < 20; second++) {
      vi.advanceTimersByTime(1_000);
      workers[0]!.say({ kind: 'alive' });
    }
    expect(workers).toHaveLength(1);
  });

  it('is not blamed for a minute that it takes to load', async () => {
    const slow: FakeWorker[] = [];
    const other = new Simulator(() => {
      slow.push(new FakeWorker());
      return slow.at(-1)!;
    });
    const run = other.play(plan(1));
    vi.advanceTimersByTime(59_000);
    expect(slow).toHaveLength(1);
    const lost = expect(run).rejects.toThrow('does not load: it has said nothing for 60 s');
    vi.advanceTimersByTime(5_000);
    await lost;
    other.close();
  });

  it('that fails is told of in its words, and the next run is asked of it', async () => {
    const run = simulator.play(plan(1));
    const next = nameOf(simulator.play(plan(2)));
    const failed = expect(run).rejects.toThrow('the simulator failed: no memory');
    workers[0]!.onerror?.call(workers[0] as never, { message: 'no memory' } as ErrorEvent);
    await failed;
    workers[0]!.play('b');
    expect(await next).toBe('played');
  });
});

it('what is wrong with a plan arrives with its field', async () => {
  const run = simulator.play(plan(1));
  workers[0]!.say({ kind: 'failed', id: 1, message: 'option n is 9', option: 'n' });
  await expect(run).rejects.toMatchObject({ name: 'PlanError', option: 'n' });
});

it('answers go to whoever asked, in whatever order they come', async () => {
  const run = simulator.play(plan(1));
  const drawn = simulator.draw({ lock: 'set-nx', seed: 1, run: 0 });
  workers[0]!.say({ kind: 'drawn', id: 2, value: plan(7) });
  workers[0]!.play('a');
  expect((await drawn).scenario.ttlMs).toBe(7);
  expect((await run).digest).toBe('a');
});

it('what is under way when it is closed is superseded', async () => {
  const runs = [nameOf(simulator.play(plan(1))), nameOf(simulator.play(plan(2)))];
  simulator.close();
  expect(await Promise.all(runs)).toEqual(['Superseded', 'Superseded']);
  expect(workers[0]!.ended).toBe(true);
});

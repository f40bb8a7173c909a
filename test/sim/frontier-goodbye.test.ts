/** What the server hears of a client that died while its code was ahead of the world (R4, R8). */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Fault } from '../../src/fault.js';
import { EventQueue, type SimEvent } from '../../src/sim/queue.js';
import { EVENT_KIND } from '../../src/sim/world.js';
import { at, call, crash, LATENCY_US, linkOf, override, runScript, type Script } from './run.js';

/** A goes on 10 ms after that call. */
const pause = (nth: number): Fault => ({
  id: 'f1',
  class: 'pause',
  at: call('A1', nth),
  host: 'A',
  durationUs: 10_000,
});

describe('R8 the goodbye of a client that died ahead of the world', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const slow = { ...override(linkOf(0), 'latency-request', 1, 1, 3), n: 1_000 };

  /** When the server hears of it. */
  async function goodbyes(acts: Script, overrides: (typeof slow)[], ...faults: Fault[]) {
    const heard: number[] = [];
    const deliver = vi.spyOn(EventQueue.prototype, 'deliver');
    await runScript(acts, { faults, overrides });
    for (const [event] of deliver.mock.calls as [SimEvent][]) {
      if (event.kind === EVENT_KIND.hangup) heard.push(event.atUs);
    }
    return heard;
  }

  test('R8 does not wait behind requests that never left', async () => {
    const acts: Script = {
      A1: async (environment) => {
        const redis = environment.redis[0]!;
        await redis.call('PING');
        environment.random();
        await redis.call('PING');
      },
    };
    // The second request would take 50 ms.
    const heard = await goodbyes(acts, [slow], pause(2), crash(at(4_000), { id: 'f2' }));
    expect(heard).toEqual([4_000 + LATENCY_US]);
  });

  test('R8 stays behind requests that had left', async () => {
    const acts: Script = {
      A1: async (environment) => {
        const redis = environment.redis[0]!;
        await redis.call('PING');
        redis.call('PING');
        environment.random();
        await redis.call('PING');
      },
    };
    const heard = await goodbyes(acts, [slow], pause(3), crash(at(4_000), { id: 'f2' }));
    expect(heard).toEqual([2 * LATENCY_US + 50_000]);
  });
});

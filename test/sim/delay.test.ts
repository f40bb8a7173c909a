/** When a delay holds a message back, and when not (R4, R7). */
import { describe, expect, test } from 'vitest';
import { link, runCaller } from './calling.js';
import { at, call } from './run.js';

describe('R7 the time of a delay', () => {
  test('R7 it strikes from its beginning to just before its end', async () => {
    const delay = link({
      class: 'delay',
      at: at(2_000),
      direction: 'to-server',
      durationUs: 1_000,
      byUs: 5_000,
    });
    const took: number[] = [];
    for (const sentAtUs of [1_900, 2_000, 2_900, 3_000]) {
      const { requests } = await runCaller(
        async (environment) => {
          await environment.sleep(sentAtUs / 1_000);
          await environment.redis[0]!.call('PING');
        },
        { faults: [delay] },
      );
      took.push(requests[0]!.endedAtUs! - sentAtUs);
    }
    expect(took).toEqual([600, 5_600, 5_600, 600]);
  });

  test('R4 R7 one that begins inside a pause does not strike what left before it', async () => {
    const { messages } = await runCaller(
      async (environment) => {
        const reply = environment.redis[0]!.call('PING');
        environment.random();
        await reply;
      },
      {
        faults: [
          { id: 'f2', class: 'pause', at: call('A1', 2), host: 'A', durationUs: 9_000 },
          link({
            class: 'delay',
            at: at(3_000),
            direction: 'to-client',
            durationUs: 1_000,
            byUs: 50_000,
          }),
        ],
      },
    );
    // The reply leaves at 0.6 ms and waits for the end of the pause alone: without it 1.2 ms.
    expect(messages[1]).toMatchObject({ sentAtUs: 600, dueUs: 1_200, endedAtUs: 9_000 });
  });
});

test('R7 a trace says when a message was due: as late as it came are the faults', async () => {
  for (const direction of ['to-server', 'to-client'] as const) {
    const delay = link({ class: 'delay', at: at(0), direction, durationUs: 9_000, byUs: 5_000 });
    const ping = async (environment: Parameters<Parameters<typeof runCaller>[0]>[0]) => {
      await environment.redis[0]!.call('PING');
    };
    const { messages } = await runCaller(ping, { faults: [delay] });
    const late = messages.slice(0, 2).map(({ endedAtUs, dueUs }) => endedAtUs! - dueUs);
    expect(late).toEqual(direction === 'to-server' ? [5_000, 0] : [0, 5_000]);
  }
});

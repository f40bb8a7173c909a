/**
 * The ceiling: a heap of events and one promise woken for each, with the same heap and the same
 * drain as the kernel, and nothing else. What the kernel reaches of it says how much its work
 * costs.
 */
import TinyQueue from 'tinyqueue';
import { settle } from '../../src/host/settle.js';

interface BareEvent {
  readonly at: number;
  readonly seq: number;
}

const WAITING = 64;

/** Delivers `events` events; answers events per second. */
export async function bareLoop(events: number): Promise<number> {
  const queue = new TinyQueue<BareEvent>([], (a, b) => a.at - b.at || a.seq - b.seq);
  let seq = 0;
  let wake: (value: number) => void = () => {};
  for (; seq < WAITING; seq++) queue.push({ at: seq % 13, seq });
  const client = async () => {
    for (;;) await new Promise<number>((resolve) => (wake = resolve));
  };
  void client();
  const startMs = performance.now();
  await new Promise<void>((resolve) => {
    let left = events;
    const next = () => {
      if (left-- === 0) return resolve();
      const event = queue.pop() as BareEvent;
      queue.push({ at: event.at + ((seq * 7_919) % 997), seq: seq++ });
      wake(1);
      settle(next);
    };
    next();
  });
  return (events / (performance.now() - startMs)) * 1_000;
}

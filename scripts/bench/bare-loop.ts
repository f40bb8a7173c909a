/**
 * The yardstick: a heap of events and one promise woken for each, with the kernel's heap and Node's
 * documented way to wait until all microtasks have run, and nothing else. What the kernel reaches
 * of it says how much its work costs.
 */
import TinyQueue from 'tinyqueue';

const done = Promise.resolve();

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
      void done.then(afterMicrotasks);
    };
    // A tick asked for from a microtask comes after all microtasks.
    const afterMicrotasks = () => process.nextTick(next);
    next();
  });
  return (events / (performance.now() - startMs)) * 1_000;
}

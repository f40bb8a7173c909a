/** Dropping and delaying messages: the run that is made of it has that message dropped or late. */
import { describe, expect, it } from 'vitest';
import { delayMessage, dropMessage } from '../../src/lab/message-edits.js';
import type { Scenario } from '../../src/scenario.js';
import { type ModelMessage, TraceModel } from '../../src/timeline/model.js';
import { drawn, played } from './played.js';

const LOCKS = ['set-nx', 'redlock', 'set-nx-watchdog'] as const;
const BY_US = 40_000;

const modelOf = async (scenario: Scenario) => new TraceModel((await played(scenario)).trace);

/** Messages between clients and servers that arrived, every so many of them. */
function someOf({ hosts, messages }: TraceModel): ModelMessage[] {
  const kinds = ({ from, to }: ModelMessage) => [hosts[from]!.kind, hosts[to]!.kind].sort().join();
  const all = messages.filter(
    (message) => kinds(message) === 'client,server' && message.fate === 'delivered',
  );
  return all.filter((_, index) => index % Math.ceil(all.length / 24) === 0);
}

/** The same message in another run: everything before it is as it was. */
const sameIn = ({ messages }: TraceModel, wanted: ModelMessage) =>
  messages.find(
    ({ from, to, sentAtUs, text }) =>
      from === wanted.from &&
      to === wanted.to &&
      sentAtUs === wanted.sentAtUs &&
      text === wanted.text,
  );

describe.each(LOCKS)('in runs of %s', (lock) => {
  const calm = drawn(lock, 0, { faultClasses: [], clients: 2 });

  it('a dropped message is lost, and no message before it', async () => {
    const before = await modelOf(calm);
    const chosen = someOf(before);
    expect(chosen.length).toBeGreaterThan(8);
    for (const message of chosen) {
      const edited = dropMessage(calm, before, message.index);
      expect(edited.faults).toHaveLength(1);
      const after = await modelOf(edited);
      const what = `${message.index} ${message.text} ${JSON.stringify(edited.faults[0])}`;
      expect(sameIn(after, message)?.fate, what).toBe('lost');
      const earlier = after.messages.filter(
        ({ fate, sentAtUs }) => fate === 'lost' && sentAtUs < message.sentAtUs,
      );
      expect(earlier, what).toEqual([]);
    }
  });

  it('a delayed message arrives so much later, and none before it', async () => {
    const before = await modelOf(calm);
    for (const message of someOf(before)) {
      const edited = delayMessage(calm, before, message.index, BY_US);
      const after = await modelOf(edited);
      const what = `${message.index} ${message.text} ${JSON.stringify(edited.faults[0])}`;
      const late = sameIn(after, message);
      expect(late?.endedAtUs, what).toBe(message.endedAtUs + BY_US);
      const others = after.messages.filter(({ sentAtUs }) => sentAtUs < message.sentAtUs);
      const same = before.messages.filter(({ sentAtUs }) => sentAtUs < message.sentAtUs);
      expect(
        others.map(({ dueUs }) => dueUs),
        what,
      ).toEqual(same.map(({ dueUs }) => dueUs));
    }
  });
});

describe('the fault that drops a message', () => {
  it('waits for the operation, and finds its message when the run begins later', async () => {
    const calm = drawn('set-nx', 0, { faultClasses: [], clients: 1 });
    const before = await modelOf(calm);
    const request = before.messages.find(({ text }) => text.startsWith('SET'))!;
    const edited = dropMessage(calm, before, request.index);
    expect(edited.faults[0]).toMatchObject({ class: 'lost-request', client: 'A', server: 'r1' });
    expect(edited.faults[0]!.at).toEqual({ call: { operation: 'A1', nth: 1 } });
    const [client] = edited.clients;
    const [first, ...others] = client!.operations;
    const later = [{ ...first!, gapUs: first!.gapUs + 5_000_000 }, ...others];
    const shifted = await modelOf({ ...edited, clients: [{ ...client!, operations: later }] });
    const lost = shifted.messages.filter(({ fate }) => fate === 'lost');
    expect(lost.map(({ text }) => text)).toEqual([expect.stringMatching(/^SET/)]);
  });

  it('is none for a message that is not there', async () => {
    const calm = drawn('set-nx', 0, { faultClasses: [] });
    const before = await modelOf(calm);
    expect(dropMessage(calm, before, before.messages.length)).toBe(calm);
    expect(delayMessage(calm, before, -1, BY_US)).toBe(calm);
  });
});

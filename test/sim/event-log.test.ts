/** The log of a run: what its digest is made of, entry by entry (R14, D15). */
import { describe, expect, test } from 'vitest';
import redlock from '../../src/algorithms/redlock.js';
import { createRunPort, inTurn } from '../../src/host/run-port.js';
import { withGuards } from '../../src/host/session.js';
import { settle } from '../../src/host/settle.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import { EventLog } from '../../src/sim/event-log.js';
import { simulate } from '../../src/sim/simulate.js';
import { entryWords, firstDifference } from '../../src/story/difference.js';
import { criticalSection } from '../../src/workloads/critical-section.js';
import { at, bareGrant, KEY, type Script, type Setting, scenarioOf, scripted } from './run.js';
import { drawn, planFor } from './runs.js';

async function logged(script: Script, setting: Setting = {}) {
  const log = new EventLog();
  const { algorithm, workload } = scripted(script);
  const decisions = new SeededDecisions(KEY);
  const run = await inTurn(() =>
    simulate(scenarioOf(script, setting), { algorithm, workload, decisions, settle, log }),
  );
  return { log, run };
}

const setting: Setting = {
  faults: [
    { id: 'f1', class: 'clock-step', at: at(20_000), host: 'r1', byUs: 1_000 },
    { id: 'f2', class: 'server-crash', at: at(100_000), host: 'r1', restartAfterUs: 5_000 },
  ],
};
const script = (...words: [string, ...(string | number)[]]): Script => ({
  A1: {
    async acquire(environment) {
      await environment.redis[0]!.call(...words);
      await environment.sleep(200);
      return bareGrant();
    },
    async section(section) {
      section.enter();
      await section.write(1);
      return true;
    },
  },
});
const SET = script('SET', 'job', 'a b', 'PX', 30);

describe('D15 the log of a run', () => {
  test('D15 has every event and every record, in their order', async () => {
    const { log, run } = await logged(SET, setting);
    const events = log.entries.filter(({ entry }) => entry === 'event');
    const records = log.entries.filter(({ entry }) => entry === 'record');
    expect(events).toHaveLength(run.events);
    expect(events.map(({ index }) => index)).toEqual(events.map((_, index) => index));
    expect(records.map(({ kind, atUs }) => [kind, atUs])).toEqual(
      run.history.records.map(({ type, atUs }) => [type, atUs]),
    );
    const times = log.entries.map(({ atUs }) => atUs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('D15 tells what each of them is, whose, and what it carries', async () => {
    const { log } = await logged(SET, setting);
    const told = log.entries.map((entry) => [entryWords(entry), entry.payload ?? ''].join(' | '));
    expect(told[0]).toBe('the start of client A | ');
    for (const line of [
      'a request of client A in A1 to r1 | SET job "a b" PX 30',
      'a reply of r1 to client A in A1 | OK',
      'a timer of client A in A1 | ',
      'an alarm of r1 | wall',
      'the fault f1 | f1',
      'the end of a fault | ',
      'the reset of a connection of client A to r1 | ',
      'a request of client A in A1 to store | ' +
        '{"access":"write","key":"job","grant":1,"value":1}',
      'a reply of store to client A in A1 | {"accepted":true,"value":1}',
      'the phase healed | healed',
    ]) {
      expect(told).toContain(line);
    }
    const of = (kind: string) => log.entries.find((one) => one.kind === kind && one.record);
    expect(of('invoke')).toMatchObject({ host: 'A', operation: 'A1' });
    expect(of('enter')).toMatchObject({ host: 'A', operation: 'A1' });
    expect(of('fault')).not.toHaveProperty('host');
  });

  test('D15 leaves the digest as it is', async () => {
    const { scenario, key } = drawn(planFor(redlock), 3);
    await withGuards(false, async (guards) => {
      const port = createRunPort(redlock, criticalSection, guards, () => false);
      const digests: string[] = [];
      const logs = [undefined, new EventLog(), new EventLog()];
      for (const log of logs) {
        digests.push((await port.check(scenario, new SeededDecisions(key), false, log)).digest);
      }
      expect(new Set(digests).size).toBe(1);
      expect(logs[1]!.entries.length).toBeGreaterThan(50);
      expect(logs[1]!.entries).toEqual(logs[2]!.entries);
    });
  });

  test.each([
    ['a word', script('SET', 'job', 'a c', 'PX', 30), 'payload'],
    ['where a word ends', script('SET', 'job', 'a', 'b', 'PX', 30), 'payload'],
    ['one word less', script('GET', 'job'), 'payload'],
  ] as const)('D15 differs where the digest does: %s', async (_name, other, differsIn) => {
    const [a, b] = [await logged(SET), await logged(other)];
    expect(a.run.digest).not.toBe(b.run.digest);
    const difference = firstDifference(a.log.entries, b.log.entries);
    expect(difference).toMatchObject({ differsIn, kind: 'request', operation: 'A1', host: 'A' });
  });
});

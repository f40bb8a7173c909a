/** Editing scenarios: what is asked for changes, all else stays, and the result can be run. */
import { describe, expect, it } from 'vitest';
import { findLock, locks } from '../../src/algorithms/index.js';
import {
  addFault,
  deleteFault,
  moveFault,
  putFault,
  resizeFault,
} from '../../src/lab/fault-edits.js';
import { setClients, setLock, setOperations, setOption } from '../../src/lab/scenario-edits.js';
import type { Scenario } from '../../src/scenario.js';
import { resolveScenario } from '../../src/search/resolve-scenario.js';
import { TraceModel } from '../../src/timeline/model.js';
import { drawn, played } from './played.js';

const calm = drawn('set-nx', 0, { faultClasses: [], clients: 2 });
const pause = { class: 'pause', host: 'A', durationUs: 2_000_000, at: { atUs: 500 } } as const;
const idsOf = ({ clients }: Scenario) =>
  clients.map(({ operations }) => operations.map(({ id }) => id));

describe('the form', () => {
  it('sets an option of the lock', () => {
    const edited = setOption(calm, findLock('set-nx')!, 'retryDelayMs', 7);
    expect(edited).toEqual({ ...calm, options: { ...calm.options, retryDelayMs: 7 } });
  });

  it('brings no more servers than the lock can take, whatever number somebody wants', () => {
    const redlock = findLock('redlock')!;
    const five = drawn('redlock', 0, { faultClasses: [] });
    const many = setOption(five, redlock, 'servers', 1e9);
    expect(many.options['servers']).toBe(1e9);
    expect(many.servers).toHaveLength(9);
    expect(setOption(five, redlock, 'servers', -7.5).servers).toHaveLength(1);
  });

  it('brings and takes servers with the option that stands for their number', () => {
    const redlock = findLock('redlock')!;
    const five = addFault(drawn('redlock', 0, { faultClasses: [] }), {
      ...{ class: 'server-crash', host: 'r5', restartAfterUs: 1_000, at: { atUs: 0 } },
    });
    const three = setOption(five, redlock, 'servers', 3);
    expect(three.servers).toEqual(five.servers.slice(0, 3));
    expect(three.faults).toEqual([]);
    const seven = setOption(three, redlock, 'servers', 7);
    expect(seven.servers.map(({ id }) => id)).toEqual(['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7']);
    expect(seven.servers.slice(0, 3)).toEqual(five.servers.slice(0, 3));
  });

  it.each(locks.map((lock) => [lock.name, lock] as const))(
    '%s can run what was another',
    (_, lock) => {
      const edited = setLock(calm, lock);
      expect(resolveScenario(lock, edited, calm.workload)).toEqual(edited);
    },
  );

  it('adds clients that do what the last one does, and takes the last with its faults', () => {
    const four = setClients(calm, 4);
    expect(idsOf(four)).toEqual([
      ['A1', 'A2', 'A3'],
      ['B1', 'B2', 'B3'],
      ['C1', 'C2', 'C3'],
      ['D1', 'D2', 'D3'],
    ]);
    expect(four.clients.slice(0, 2)).toEqual(calm.clients);
    const struck = addFault(addFault(four, { ...pause, host: 'D' }), pause);
    expect(setClients(struck, 3).faults.map(({ id }) => id)).toEqual(['f2']);
    expect(setClients(calm, 99).clients).toHaveLength(12);
  });

  it('adds and takes operations of one client, with the faults that wait for them', () => {
    const call = { operation: 'B3', nth: 1 };
    const struck = addFault(calm, { ...pause, at: { call } });
    expect(idsOf(setOperations(struck, 'B', 5))[1]).toEqual(['B1', 'B2', 'B3', 'B4', 'B5']);
    const fewer = setOperations(struck, 'B', 2);
    expect(idsOf(fewer)).toEqual([
      ['A1', 'A2', 'A3'],
      ['B1', 'B2'],
    ]);
    expect(fewer.faults).toEqual([]);
  });
});

describe('faults', () => {
  const struck = addFault(addFault(calm, pause), { ...pause, host: 'B' });

  it('get ids that no other one has, and keep them', () => {
    const ids = ({ faults }: Scenario) => faults.map(({ id }) => id);
    expect(ids(struck)).toEqual(['f1', 'f2']);
    const without = deleteFault(struck, 'f1');
    expect(ids(without)).toEqual(['f2']);
    expect(ids(addFault(without, pause))).toEqual(['f2', 'f3']);
  });

  it('are dragged to an instant, and made longer', () => {
    const waits = putFault(struck, {
      id: 'f1',
      ...pause,
      at: { call: { operation: 'A1', nth: 1 } },
    });
    const moved = resizeFault(moveFault(waits, 'f1', 1_000.4), 'f1', 5_000_000);
    expect(moved.faults[0]).toEqual({
      ...pause,
      id: 'f1',
      durationUs: 5_000_000,
      at: { atUs: 1_000 },
    });
    expect(moved.faults[1]).toBe(struck.faults[1]);
    expect(moveFault(struck, 'f1', -9).faults[0]!.at).toEqual({ atUs: 0 });
  });

  it('with a restart last until then; those without a length have none', () => {
    const crash = {
      class: 'server-crash',
      host: 'r1',
      restartAfterUs: 1,
      at: { atUs: 0 },
    } as const;
    const lost = { class: 'lost-reply', client: 'A', server: 'r1', at: { atUs: 0 } } as const;
    const both = addFault(addFault(calm, crash), lost);
    expect(resizeFault(both, 'f1', 9_000).faults[0]).toMatchObject({ restartAfterUs: 9_000 });
    expect(resizeFault(both, 'f2', 9_000).faults[1]).toEqual(both.faults[1]);
  });

  it('that are dragged move nothing that is random about the rest of the run (R6)', async () => {
    const late = addFault(calm, { ...pause, host: 'B', at: { atUs: 900_000_000 } });
    const before = new TraceModel((await played(calm)).trace).messages;
    const after = new TraceModel((await played(late)).trace).messages;
    expect(after).toEqual(before);
  });
});

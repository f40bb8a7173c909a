/** The nemesis carries out every fault of a plan, or says that it cannot (R13). */
import { expect, test } from 'vitest';
import type { Fault } from '../../src/fault.js';
import { settle } from '../../src/host/settle.js';
import { EditedDecisions } from '../../src/sim/decisions.js';
import { PlannedNemesis } from '../../src/sim/nemesis.js';
import { World } from '../../src/sim/world.js';
import { at, KEY, recordsOf, runScript } from './run.js';

test('R13 a fault of a class that does not exist is refused, and not passed over', async () => {
  const eclipse = { id: 'f1', class: 'eclipse', at: at(1_000), host: 'A' } as unknown as Fault;
  const world = new World(new EditedDecisions(KEY, [], true), settle, undefined);
  new PlannedNemesis(world, [eclipse]).begin({
    client: () => undefined,
    server: () => undefined,
    link: () => undefined,
    links: () => [],
    died: () => {},
    restart: () => {},
    busy: () => false,
  });
  await expect(world.run()).rejects.toThrow('there is no fault class eclipse');
});

test('R0 a wall clock is recorded by what it has gained since the start, not by its date', async () => {
  const byUs = 5_000_000;
  const step: Fault = { id: 'f1', class: 'clock-step', at: at(100_000), host: 'r1', byUs };
  const run = await runScript(
    { A1: (environment) => environment.sleep(1_000) },
    { faults: [step] },
  );
  const clocks = recordsOf(run, 'clock').filter(({ clock }) => clock === 'wall');
  expect(clocks).toMatchObject([{ host: 'r1', atUs: 100_000, localUs: 5_100_000, ratePpm: 0 }]);
});

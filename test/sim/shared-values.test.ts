/** Whose lease it is when several clients write the same value (R1). */
import { expect, test } from 'vitest';
import type { Environment } from '../../src/algorithms/environment.js';
import { bareGrant, recordsOf, runScript } from './run.js';

const set = (environment: Environment) =>
  environment.redis[0]!.call('SET', 'job', 'ours', 'PX', 9_000);

test('R1 who acquires what another one holds by the same value overwrites his lease', async () => {
  const run = await runScript(
    { A1: { acquire: set }, B1: { acquire: set } },
    { gapsUs: { B1: 100_000 } },
  );
  const leases = recordsOf(run, 'lease');
  expect(leases.map(({ host, extends: extended }) => [host, extended])).toEqual([
    ['A', false],
    ['B', false],
  ]);
  expect(recordsOf(run, 'lease-end')[0]).toMatchObject({
    lease: leases[0]!.lease,
    cause: 'overwritten',
    by: { host: 'B', operation: 'B1' },
  });
});

test('R1 who writes his own value again extends his own, also after a second try', async () => {
  const twice = {
    acquire: async (environment: Environment) => [await set(environment), await set(environment)],
  };
  const run = await runScript({ A1: twice });
  expect(recordsOf(run, 'lease').map(({ extends: extended }) => extended)).toEqual([false, true]);
});

test('R1 a renewal by another one extends the lease that is there, and leaves it whose it is', async () => {
  const run = await runScript(
    {
      A1: { acquire: set },
      B1: {
        acquire: () => bareGrant(),
        section: async (_section, environment) => {
          await environment.redis[0]!.call('PEXPIRE', 'job', 9_000);
          return true;
        },
      },
    },
    { gapsUs: { B1: 100_000 } },
  );
  const [, extension] = recordsOf(run, 'lease');
  expect(extension).toMatchObject({ extends: true, owner: { host: 'A', operation: 'A1' } });
});

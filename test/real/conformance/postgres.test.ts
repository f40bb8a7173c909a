/** The simulated PostgreSQL beside the real one: a share of `npm run conformance`. */
import { describe, expect, it } from 'vitest';
import { conformPostgres } from '../../../scripts/conformance/postgres/index.js';
import { POSTGRES, postgresArm } from '../../../scripts/conformance/postgres/service.js';
import { run } from '../../../scripts/conformance/run.js';
import { withPostgres } from '../../../scripts/conformance/servers.js';
import { describeDivergence } from '../../../scripts/conformance/words.js';
import { Connection } from '../../../scripts/record/postgres/connection.js';
import type { PostgresMessage } from '../../../src/sim/servers/postgres/port.js';
import { World } from '../../sim/servers/postgres/world.js';
import { isInstalled } from './programs.js';

const POSTGRES_SERVER = {
  name: 'PostgreSQL',
  file: '/usr/lib/postgresql/15/bin/postgres',
  packages: 'postgresql-15',
};
const IS_INSTALLED = isInstalled(POSTGRES_SERVER);

const LIE = { times: 0.1, seed: 'a lie', mostDivergences: 1, shrinkMs: 2000 };

/** It says that every advisory lock that is tried for was granted. */
class LyingWorld extends World {
  override take(session: number): PostgresMessage[] {
    return super.take(session).map((message) => {
      if (message.kind !== 'result') return message;
      const rows = message.rows.map((row) =>
        'pg_try_advisory_lock' in row ? { pg_try_advisory_lock: true } : row,
      );
      return { ...message, rows };
    });
  }
}

describe('the simulated PostgreSQL and the real one', () => {
  it('answer 1,000 generated statements of three sessions alike', async () => {
    if (!IS_INSTALLED) return;
    const result = await conformPostgres({ times: 0.05, seed: 'tests' });
    const divergences = result.divergences.map((each) => describeDivergence('postgres', each));
    expect(divergences).toEqual([]);
    expect(result.commands).toBeGreaterThanOrEqual(1000);
  });

  it('are told apart by one wrong answer', async () => {
    if (!IS_INSTALLED) return;
    const { divergences } = await withPostgres((server) =>
      run(POSTGRES, LIE, [
        async (play) => {
          const control = await Connection.open(server.socket);
          await play(postgresArm(server.socket, control, 'postgres', () => new LyingWorld()));
          control.close();
        },
      ]),
    );
    expect(divergences.length).toBeGreaterThan(0);
    for (const { steps, real, simulated } of divergences) {
      expect(steps.at(-1)!.command).toContain('pg_try_advisory_lock');
      expect(real).toContain('"pg_try_advisory_lock":false');
      expect(simulated).toContain('"pg_try_advisory_lock":true');
    }
  });
});

/**
 * A PostgreSQL of a story, with the tables of its lock and the poolers in front of it, and with a
 * clock that can be moved if a fault does that. No standby of it is kept: it has no failover here.
 */
import { Client } from 'pg';
import type { PoolerMode } from '../../algorithms/postgres-connection.js';
import type { Fault, HostId } from '../../fault.js';
import type { ServerPlan } from '../../scenario.js';
import { postgresFraming } from '../proxy/postgres.js';
import { framed, type Upstream } from '../proxy/tunnel.js';
import { CannotBePlayed } from '../replay/deviation.js';
import { whatIsMissing } from '../servers/available.js';
import { startPgBouncer } from '../servers/pgbouncer.js';
import { POSTGRES_USER, type PostgresServer, startPostgres } from '../servers/postgres.js';
import type { RealServer } from '../servers/server.js';
import type { StoryPooler, StoryServer } from './story-server.js';

const MODES: readonly PoolerMode[] = ['session', 'transaction'];

export class StoryPostgres implements StoryServer {
  readonly id: HostId;
  readonly open = framed(postgresFraming);
  /** Rows run out when somebody looks. */
  readonly expiryMarginUs = 2_000;
  readonly poolers: readonly StoryPooler[];

  private constructor(
    private readonly server: PostgresServer,
    private readonly bouncers: ReadonlyMap<PoolerMode, RealServer>,
  ) {
    this.id = server.id;
    this.poolers = [...bouncers].map(([mode, { host, port }]) => ({
      mode,
      upstream: { host, port },
    }));
  }

  static async start(
    { id }: ServerPlan,
    faults: readonly Fault[],
    schema: string | undefined,
  ): Promise<StoryPostgres> {
    if (faults.some((fault) => fault.class === 'failover')) {
      throw new CannotBePlayed(`${id}: a failover needs a standby of PostgreSQL, and none is kept`);
    }
    const clock = faults.some((fault) => fault.class.startsWith('clock-'));
    const server = await startPostgres({ id, clock });
    const bouncers = new Map<PoolerMode, RealServer>();
    try {
      if (schema !== undefined) await prepare(server, schema);
      // Without it every lock can be played that goes to the server directly.
      if (whatIsMissing('pgbouncer') === undefined) {
        for (const mode of MODES) {
          bouncers.set(mode, await startPgBouncer({ postgres: server, mode, id: `${id}-${mode}` }));
        }
      }
    } catch (error) {
      await Promise.all([server, ...bouncers.values()].map((one) => one.stop()));
      throw error;
    }
    return new StoryPostgres(server, bouncers);
  }

  beat(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  get program(): string {
    return `postgres ${this.server.version}`;
  }

  get upstream(): Upstream {
    return { host: this.server.host, port: this.server.port };
  }

  get clockOffsetUs(): number {
    return this.server.clock?.offsetUs() ?? 0;
  }

  applied(): void {}

  async crash(): Promise<void> {
    await this.server.kill();
  }

  restart(): Promise<void> {
    return this.server.start();
  }

  async stepClock(byUs: number): Promise<void> {
    await this.server.clock?.step(byUs);
  }

  async setRate(ratePpm: number): Promise<void> {
    await this.server.clock?.setRate(ratePpm);
  }

  detach(): Promise<void> {
    return Promise.resolve();
  }

  promote(): Promise<void> {
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.bouncers.values()].map((bouncer) => bouncer.stop()));
    await this.server.stop();
  }
}

async function prepare({ host, port }: PostgresServer, schema: string): Promise<void> {
  const client = new Client({ host, port, user: POSTGRES_USER, database: 'postgres' });
  await client.connect();
  try {
    await client.query(schema);
  } finally {
    await client.end();
  }
}

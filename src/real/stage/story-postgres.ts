/**
 * A PostgreSQL of a story, with the tables of its lock and the poolers in front of it, and with a
 * clock that can be moved if a fault does that. No standby of it is kept: it has no failover here.
 */
import { Client } from 'pg';
import type { Fault, HostId } from '../../fault.js';
import type { ServerPlan } from '../../scenario.js';
import { postgresFraming } from '../proxy/postgres.js';
import { framed, type Upstream } from '../proxy/tunnel.js';
import { CannotBePlayed } from '../replay/deviation.js';
import { POSTGRES_USER, type PostgresServer, startPostgres } from '../servers/postgres.js';
import { Poolers } from './poolers.js';
import type { StoryPooler, StoryServer } from './story-server.js';

export class StoryPostgres implements StoryServer {
  readonly id: HostId;
  readonly open = framed(postgresFraming);
  /** Rows run out when somebody looks. */
  readonly expiryMarginUs = 2_000;
  readonly poolers: readonly StoryPooler[];

  private constructor(
    private readonly server: PostgresServer,
    private readonly bouncers: Poolers,
  ) {
    this.id = server.id;
    this.poolers = bouncers.all;
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
    try {
      if (schema !== undefined) await prepare(server, schema);
      return new StoryPostgres(server, await Poolers.start(server, id));
    } catch (error) {
      await server.stop();
      throw error;
    }
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
    await this.bouncers.stop();
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

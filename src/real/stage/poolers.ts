/**
 * The poolers in front of a PostgreSQL of a story, one for each mode, if pgbouncer is
 * installed.
 */
import type { PoolerMode } from '../../algorithms/postgres-connection.js';
import type { HostId } from '../../fault.js';
import { whatIsMissing } from '../servers/available.js';
import { type PooledServer, startPgBouncer } from '../servers/pgbouncer.js';
import type { RealServer } from '../servers/server.js';
import type { StoryPooler } from './story-server.js';

const MODES: readonly PoolerMode[] = ['session', 'transaction'];

export class Poolers {
  readonly all: readonly StoryPooler[];

  private constructor(private readonly bouncers: ReadonlyMap<PoolerMode, RealServer>) {
    this.all = [...bouncers].map(([mode, { host, port }]) => ({ mode, upstream: { host, port } }));
  }

  static async start(postgres: PooledServer, server: HostId): Promise<Poolers> {
    const bouncers = new Map<PoolerMode, RealServer>();
    // Without it every lock can be played that goes to the server directly.
    if (whatIsMissing('pgbouncer') !== undefined) return new Poolers(bouncers);
    try {
      for (const mode of MODES) {
        bouncers.set(mode, await startPgBouncer({ postgres, mode, id: `${server}-${mode}` }));
      }
    } catch (error) {
      await new Poolers(bouncers).stop();
      throw error;
    }
    return new Poolers(bouncers);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.bouncers.values()].map((bouncer) => bouncer.stop()));
  }
}

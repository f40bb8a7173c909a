/** What a pooler keeps and what it leaks, by its mode. */
import { describe, expect, it } from 'vitest';
import {
  createPooler,
  type Pooler,
  type PoolMode,
} from '../../../../src/sim/servers/postgres/pooler.js';
import type { PostgresMessage, PostgresRow } from '../../../../src/sim/servers/postgres/port.js';
import { createPostgresServer } from '../../../../src/sim/servers/postgres/server.js';

class PooledWorld {
  readonly pooler: Pooler;
  readonly server;
  private readonly sent = new Map<number, PostgresMessage[]>();

  constructor(mode: PoolMode, poolSize: number) {
    this.server = createPostgresServer(
      { synchronousCommit: true, replicaLagUs: 0 },
      {
        wallUs: () => 0,
        monoUs: () => 0,
        send: (connection, message) => this.pooler.received(connection, message),
        setAlarm: () => undefined,
        rowChanged: () => undefined,
        lockChanged: () => undefined,
        choose: () => 0,
      },
    );
    this.pooler = createPooler(
      { mode, poolSize },
      {
        server: this.server,
        send: (client, message) => {
          this.sent.set(client, [...(this.sent.get(client) ?? []), message]);
        },
      },
    );
    for (const client of [1, 2, 3]) this.pooler.connect(client);
  }

  /** Rows of a query, the code of an error, or undefined: it waits. */
  on(client: number, text: string): readonly PostgresRow[] | string | undefined {
    this.pooler.execute(client, { text });
    return this.answer(client);
  }

  answer(client: number): readonly PostgresRow[] | string | undefined {
    const messages = this.sent.get(client) ?? [];
    this.sent.delete(client);
    for (const message of messages) {
      if (message.kind === 'error') return message.code;
      if (message.kind === 'result') return message.rows;
    }
    return messages.length > 0 ? messages[0]!.kind : undefined;
  }
}

const LOCK = 'SELECT pg_try_advisory_lock(7) AS got';
const UNLOCK = 'SELECT pg_advisory_unlock(7) AS freed';

describe('transaction mode', () => {
  it('lets a stranger have a session lock that another client holds', () => {
    const world = new PooledWorld('transaction', 1);
    expect(world.on(1, LOCK)).toEqual([{ got: true }]);
    // The same connection of the server: session locks stack.
    expect(world.on(2, LOCK)).toEqual([{ got: true }]);
  });

  it('sends an unlock to a connection that does not hold the lock, and the lock stays', () => {
    const world = new PooledWorld('transaction', 2);
    expect(world.on(1, LOCK)).toEqual([{ got: true }]);
    // Client 2 has the connection of the lock when client 1 wants to give it back.
    world.on(2, 'BEGIN');
    expect(world.on(1, UNLOCK)).toEqual([{ freed: false }]);
    world.on(2, 'COMMIT');
    expect(world.on(3, 'BEGIN')).toEqual([]);
    expect(world.on(1, LOCK)).toEqual([{ got: false }]);
  });

  it('keeps a transaction on one connection', () => {
    const world = new PooledWorld('transaction', 2);
    world.on(1, 'BEGIN');
    const session = world.pooler.sessionOf(1);
    world.on(1, 'SELECT pg_advisory_xact_lock(7)');
    expect(world.pooler.sessionOf(1)).toBe(session);
    expect(world.on(2, LOCK)).toEqual([{ got: false }]);
    world.on(1, 'COMMIT');
    expect(world.pooler.sessionOf(1)).toBeUndefined();
    expect(world.on(2, LOCK)).toEqual([{ got: true }]);
  });

  it('leaks SET to whoever comes next', () => {
    const world = new PooledWorld('transaction', 1);
    world.on(1, "SET lock_timeout = '5s'");
    expect(world.on(2, 'SHOW lock_timeout')).toEqual([{ lock_timeout: '5s' }]);
  });

  it('leaks prepared statements, and loses them', () => {
    const world = new PooledWorld('transaction', 2);
    world.on(1, 'PREPARE p AS SELECT 1 AS one');
    expect(world.on(2, 'EXECUTE p')).toEqual([{ one: 1 }]);
    world.on(2, 'BEGIN');
    expect(world.on(1, 'EXECUTE p')).toBe('26000');
  });

  it('does not clean up when a client leaves', () => {
    const world = new PooledWorld('transaction', 2);
    world.on(1, LOCK);
    world.pooler.disconnect(1);
    world.on(2, 'BEGIN');
    expect(world.on(3, LOCK)).toEqual([{ got: false }]);
  });

  it('lets clients wait for a connection, in order', () => {
    const world = new PooledWorld('transaction', 1);
    world.on(1, 'BEGIN');
    expect(world.on(2, 'SELECT 2 AS n')).toBeUndefined();
    expect(world.on(3, 'SELECT 3 AS n')).toBeUndefined();
    world.on(1, 'COMMIT');
    expect(world.answer(2)).toEqual([{ n: 2 }]);
    expect(world.answer(3)).toEqual([{ n: 3 }]);
  });

  it('closes the connection of a client that leaves inside a transaction', () => {
    const world = new PooledWorld('transaction', 1);
    world.on(1, 'CREATE TABLE t (a int)');
    world.on(1, 'BEGIN');
    world.on(1, 'INSERT INTO t VALUES (1)');
    world.pooler.disconnect(1);
    expect(world.on(2, 'SELECT count(*) AS n FROM t')).toEqual([{ n: '0' }]);
  });
});

describe('session mode', () => {
  it('keeps the connection, and with it the lock', () => {
    const world = new PooledWorld('session', 2);
    world.on(1, LOCK);
    expect(world.on(2, LOCK)).toEqual([{ got: false }]);
    expect(world.on(1, UNLOCK)).toEqual([{ freed: true }]);
  });

  it('cleans up behind a client', () => {
    const world = new PooledWorld('session', 1);
    world.on(1, LOCK);
    world.on(1, "SET lock_timeout = '5s'");
    expect(world.on(2, 'SHOW lock_timeout')).toBeUndefined();
    world.pooler.disconnect(1);
    expect(world.answer(2)).toEqual([{ lock_timeout: '0' }]);
    expect(world.on(2, UNLOCK)).toEqual([{ freed: false }]);
  });
});

describe('a server that goes', () => {
  it('takes the clients that had a connection with it', () => {
    const world = new PooledWorld('transaction', 2);
    world.on(1, 'BEGIN');
    world.server.crash();
    world.pooler.serverLost();
    expect(world.answer(1)).toBe('closed');
    world.server.restart();
    expect(world.on(2, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('refuses a pool without connections', () => {
    expect(() => new PooledWorld('session', 0)).toThrow('poolSize must be a whole number');
  });
});

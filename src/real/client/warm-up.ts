/**
 * Makes code do its work before it counts: what runs for the first time takes ten times as long,
 * because it is loaded and compiled then. Nobody's server is involved.
 */

import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import type { LockAlgorithm } from '../../algorithms/lock.js';
import { settle } from '../../host/settle.js';
import { runKey } from '../../random.js';
import { SeededDecisions } from '../../sim/decisions.js';
import { simulate } from '../../sim/simulate.js';
import type { Workload } from '../../workloads/workload.js';
import { LOOPBACK, listenOnLoopback } from '../loopback.js';
import type { Address, ClientCalls } from './client-calls.js';
import type { Connectors } from './connectors.js';
import type { ClientJob } from './job.js';

const ROUNDS = 20;
const REHEARSALS = 12;
/** Of each client: a soak has many more, and they are all alike. */
const REHEARSED_OPERATIONS = 3;
/** A dozen processes may begin at once: whoever starts them has a limit for all of that. */
const LIMIT_MS = 60_000;
const SILENT: ClientCalls = { enter() {}, sends() {}, event: (code) => code() };

type Rounds = (at: Omit<Address, 'server'>) => Promise<void>;

/**
 * The client libraries of these services, with something that answers as a server would. That of
 * ZooKeeper is our own code, which the rehearsal has run.
 */
export async function warmUp({ redis, postgres, etcd }: Connectors): Promise<void> {
  if (redis !== undefined) await withListener(answering(['+OK\r\n']), redisRounds(redis));
  if (postgres !== undefined) {
    const listener = answering([POSTGRES_WELCOME, POSTGRES_ANSWER]);
    await withListener(listener, postgresRounds(postgres));
  }
  if (etcd !== undefined) {
    await withListener(createHttp2Server().on('stream', answerCall), etcdRounds(etcd));
  }
}

/** Says one thing after the other, the last one again and again, to whatever it is told. */
function answering(answers: readonly (string | Buffer)[]): Server {
  return createServer((socket: Socket) => {
    let at = 0;
    socket.on('error', () => {});
    socket.on('data', () => {
      socket.write(answers[at]!);
      at = Math.min(at + 1, answers.length - 1);
    });
  });
}

async function withListener(listener: Server, rounds: Rounds): Promise<void> {
  const port = await listenOnLoopback(listener);
  await rounds({ host: LOOPBACK, port });
  listener.close();
}

function redisRounds(connect: NonNullable<Connectors['redis']>): Rounds {
  return async (at) => {
    for (let round = 0; round < ROUNDS; round++) {
      const redis = connect(SILENT, { server: 'r1', ...at });
      await redis.within(LIMIT_MS).call('PING');
      await redis.within(LIMIT_MS).eval('return 1', ['k'], [1]);
      redis.close();
    }
  };
}

/** AuthenticationOk and ReadyForQuery; ParseComplete, BindComplete and the rest of a reply. */
const READY = Buffer.from('Z\0\0\0\x05I', 'latin1');
const POSTGRES_WELCOME = Buffer.concat([Buffer.from('R\0\0\0\x08\0\0\0\0', 'latin1'), READY]);
const POSTGRES_ANSWER = Buffer.concat([
  Buffer.from('1\0\0\0\x042\0\0\0\x04n\0\0\0\x04C\0\0\0\x0dSELECT 0\0', 'latin1'),
  READY,
]);

function postgresRounds(connect: NonNullable<Connectors['postgres']>): Rounds {
  return async (at) => {
    for (let round = 0; round < ROUNDS; round++) {
      const pool = connect(SILENT, { server: 'p1', ...at });
      await pool.within(LIMIT_MS).query('SELECT $1', ['k']);
      pool.close();
    }
  };
}

/** An answer without a field: of protocol buffers it is no bytes at all. */
function answerCall(stream: ServerHttp2Stream): void {
  stream.on('error', () => {});
  stream.respond({ 'content-type': 'application/grpc+proto' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.alloc(5));
}

function etcdRounds(connect: NonNullable<Connectors['etcd']>): Rounds {
  return async (at) => {
    for (let round = 0; round < ROUNDS; round++) {
      const etcd = connect(SILENT, { server: 'e1', ...at });
      await etcd.within(LIMIT_MS).grant(1_000);
      await etcd.within(LIMIT_MS).range('k');
      etcd.close();
    }
  };
}

/** The lock and its workload in the simulator, some times, with the scenario to be played. */
export async function rehearse(
  { scenario, key }: ClientJob,
  algorithm: LockAlgorithm,
  workload: Workload,
): Promise<void> {
  const clients = scenario.clients.map(({ id, operations }) => {
    return { id, operations: operations.slice(0, REHEARSED_OPERATIONS) };
  });
  for (let run = 0; run < REHEARSALS; run++) {
    const decisions = new SeededDecisions(runKey(key, run));
    await simulate({ ...scenario, clients }, { algorithm, workload, decisions, settle });
  }
}

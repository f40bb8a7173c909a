/**
 * The simulated Redis: version 7.0.15, one primary with up to two asynchronous replicas, as a state
 * machine. Commands and faults come in, replies and key changes go to the port.
 *
 * What outlives a crash is what the option `persistence` of the server says (Redis documentation,
 * "Redis persistence"): `none` nothing; `always` everything, because the reply waits for the disk;
 * `everysec` everything older than the last whole second of the monotonic clock, where the last
 * write to disk began. A replica has every change that is at least as old as its lag. A replica
 * that is promoted keeps its data as of then, on its disk too; the server it replaces comes back as
 * the replica in its place, and all replicas follow the new primary from there (as Sentinel
 * arranges it), so that there are always as many as at first.
 */
import { REPLICAS_MAX } from '../../../scenario.js';
import { Acknowledgements } from './acknowledgements.js';
import { Alarm } from './alarm.js';
import { Blocking } from './blocking.js';
import { ChangeLog } from './change-log.js';
import { arityFits, type Command, NOT_QUEUED, WHILE_SUBSCRIBED } from './command.js';
import { Config } from './config.js';
import type { Context } from './context.js';
import { wrongArity } from './errors.js';
import { Keyspace } from './keyspace.js';
import { EXPIRED, notify } from './notifications.js';
import type { RedisPort, RedisServer, RedisServerOptions } from './port.js';
import { PubSub } from './pubsub.js';
import { QUEUED, RedisError } from './reply.js';
import { ScriptCache } from './script-cache.js';
import { createScriptHost } from './script-host.js';
import { Session } from './session.js';
import { findCommand } from './table.js';
import { endTransaction } from './transaction.js';
import { Watches } from './watches.js';

const SECOND_US = 1_000_000;

class SimulatedRedis implements RedisServer {
  private readonly context: Context;
  private readonly wall: Alarm;
  private readonly mono: Alarm;
  /** By number of the connection. */
  private readonly sessions: (Session | undefined)[] = [];
  /** Sessions begun so far: the numbers CLIENT ID answers. */
  private sessionCount = 0;
  /** While the server is down: when it went, on its monotonic clock. */
  private downSinceUs: number | undefined;

  constructor(
    private readonly options: RedisServerOptions,
    private readonly port: RedisPort,
  ) {
    this.wall = new Alarm(port, 'wall');
    this.mono = new Alarm(port, 'mono');
    this.context = this.createContext();
  }

  private createContext(): Context {
    const { options, port } = this;
    const log = new ChangeLog(
      Math.max(options.persistence === 'everysec' ? SECOND_US : 0, ...options.replicaLagUs),
    );
    const watches = new Watches();
    const keyspace: Keyspace = new Keyspace(port, log, this.wall, {
      touched: (key) => watches.touch(key),
      created: (key) => blocking.created(key),
      expired: (key) => notify(context, EXPIRED, 'expired', key),
    });
    const acknowledgements = new Acknowledgements(port, options.replicaLagUs);
    const blocking = new Blocking(port, keyspace, this.wall, this.mono, acknowledgements);
    const context: Context = {
      options,
      port,
      keyspace,
      log,
      blocking,
      acknowledgements,
      pubsub: new PubSub(port),
      watches,
      scripts: new ScriptCache(),
      scriptHost: createScriptHost(() => context),
      config: new Config(options),
      nowUs: 0,
      denyBlocking: false,
      readOnly: false,
      end: (session) => this.end(session),
    };
    return context;
  }

  connect(connection: number): void {
    this.sessionCount += 1;
    this.sessions[connection] = new Session(connection, this.sessionCount);
  }

  disconnect(connection: number): void {
    const session = this.sessions[connection];
    if (session !== undefined) this.end(session);
  }

  private end(session: Session): void {
    endTransaction(this.context, session);
    this.context.pubsub.leave(session);
    this.context.blocking.leave(session);
    this.sessions[session.connection] = undefined;
  }

  execute(connection: number, args: readonly string[]): void {
    const session = this.sessions[connection];
    // After QUIT the server reads nothing more from a connection that is about to close.
    if (session === undefined || args.length === 0) return;
    if (session.blocked) {
      session.pending.push(args);
      return;
    }
    this.readClock();
    this.run(session, args);
    if (this.context.blocking.hasReady) this.resume(this.context.blocking.serve());
  }

  private readClock(): void {
    const nowUs = this.port.wallUs();
    this.context.nowUs = nowUs;
    this.context.keyspace.nowMs = Math.floor(nowUs / 1000);
  }

  private run(session: Session, args: readonly string[]): void {
    const command = findCommand(args);
    const error = command instanceof RedisError ? command : reject(command, args, session);
    if (error !== undefined) {
      this.port.send(session.connection, this.refuse(session, args, error));
      return;
    }
    const { flags, handler } = command as Command;
    if (session.queue !== undefined && (flags & NOT_QUEUED) === 0) {
      session.queue.push({ command: command as Command, args });
      this.port.send(session.connection, QUEUED);
      return;
    }
    const { log, acknowledgements } = this.context;
    // What this command asks itself is written to replicas only when it is over.
    const askedAtUs = acknowledgements.lastAtUs;
    const reply = handler(this.context, args, session);
    session.sawWrittenAtUs = Math.max(log.lastAtUs, askedAtUs);
    if (reply !== undefined) this.port.send(session.connection, reply);
  }

  /** A command that is refused before it runs spoils the transaction; a refused EXEC ends it. */
  private refuse(session: Session, args: readonly string[], error: RedisError): RedisError {
    if (session.queue !== undefined) session.spoiled = true;
    if (args[0]!.toLowerCase() !== 'exec') return error;
    endTransaction(this.context, session);
    return new RedisError(
      `EXECABORT Transaction discarded because of: ${error.text.replace(/^ERR /, '')}`,
    );
  }

  /** Goes on with what sessions sent while they were blocked. */
  private resume(sessions: readonly Session[]): void {
    for (const session of sessions) {
      while (!session.blocked && session.pending.length > 0) {
        const args = session.pending.shift()!;
        this.port.resume(session.connection, () => this.run(session, args));
      }
    }
    if (this.context.blocking.hasReady) this.resume(this.context.blocking.serve());
  }

  alarm(): void {
    this.readClock();
    const { keyspace, blocking } = this.context;
    if (this.downSinceUs !== undefined) return this.wall.reset(keyspace.lapse());
    keyspace.expireDue();
    this.resume(blocking.wake());
    this.wall.reset(Math.min(keyspace.expireDue(), blocking.nextDeadlineUs()));
    this.mono.reset(blocking.nextArrivalUs());
  }

  crash(): void {
    this.downSinceUs ??= this.port.monoUs();
    this.sever();
    this.readClock();
    this.wall.reset(this.context.keyspace.lapse());
    this.mono.reset(Number.POSITIVE_INFINITY);
  }

  /** Ends what lives in memory beside the data. */
  private sever(): void {
    const { blocking, acknowledgements, pubsub, watches, scripts } = this.context;
    this.sessions.length = 0;
    blocking.clear();
    acknowledgements.clear();
    pubsub.clear();
    watches.clear();
    scripts.flush();
  }

  restart(): void {
    const { persistence } = this.options;
    const crashedAtUs = this.downSinceUs ?? this.port.monoUs();
    const { entries } = this.context.keyspace;
    // Changes exactly on the whole second came after the write that began on it.
    const flushedAtUs = Math.floor(crashedAtUs / SECOND_US) * SECOND_US - 1;
    if (persistence === 'none') this.continueFrom(new Map([...entries.keys()].map(toNothing)));
    else if (persistence === 'always') this.continueFrom(new Map());
    else this.continueFrom(this.context.log.changedAfter(flushedAtUs));
  }

  promote(replica: number): void {
    const lagUs = this.options.replicaLagUs[replica - 1];
    if (lagUs === undefined) {
      throw new RangeError(`replica must be 1 … ${this.options.replicaLagUs.length}: ${replica}`);
    }
    const reachedAtUs = (this.downSinceUs ?? this.port.monoUs()) - lagUs;
    this.continueFrom(this.context.log.changedAfter(reachedAtUs));
  }

  acknowledge(connection: number, replicas: number): void {
    const session = this.sessions[connection];
    if (session === undefined || !this.context.blocking.acknowledge(session, replicas)) return;
    this.readClock();
    this.resume([session]);
  }

  /** Takes up service with keys put back to what they `held`. */
  private continueFrom(held: ReturnType<ChangeLog['changedAfter']>): void {
    this.downSinceUs = undefined;
    this.sever();
    this.context.config.events = 0;
    this.readClock();
    const { keyspace, log } = this.context;
    keyspace.comeBack();
    keyspace.expireDue();
    keyspace.revert(held);
    this.wall.reset(keyspace.expireDue());
    this.mono.reset(Number.POSITIVE_INFINITY);
    log.clear();
  }
}

function toNothing(key: string): [string, undefined] {
  return [key, undefined];
}

/** Why a command cannot be called like this, or here. */
function reject(
  { name, arity, flags }: Command,
  args: readonly string[],
  session: Session,
): RedisError | undefined {
  if (!arityFits(arity, args.length)) return wrongArity(name);
  if (session.subscriptions === 0 || (flags & WHILE_SUBSCRIBED) !== 0) return undefined;
  return new RedisError(
    `ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET ` +
      'are allowed in this context',
  );
}

/**
 * A simulated Redis server without data and connections.
 *
 * @throws RangeError for more than two replicas, or a lag that is not a whole number of
 *   microseconds from 0 on.
 */
export function createRedisServer(options: RedisServerOptions, port: RedisPort): RedisServer {
  const { replicaLagUs } = options;
  if (replicaLagUs.length > REPLICAS_MAX) {
    throw new RangeError(`replicaLagUs must have at most ${REPLICAS_MAX} entries`);
  }
  for (const lagUs of replicaLagUs) {
    if (!Number.isSafeInteger(lagUs) || lagUs < 0) {
      throw new RangeError(`replicaLagUs must be whole microseconds from 0 on: ${lagUs}`);
    }
  }
  return new SimulatedRedis(options, port);
}

/**
 * Commands about the server: TIME, WAIT, ROLE, INFO, CONFIG, COMMAND COUNT.
 */
import { type Command, command, type Handler, NO_SCRIPT } from '../command.js';
import type { Context } from '../context.js';
import { NOT_AN_INTEGER, notModelled, SYNTAX } from '../errors.js';
import { keyword } from '../keyword.js';
import { parseEventClasses } from '../notifications.js';
import { parseIndex } from '../numbers.js';
import { matchesPattern } from '../pattern.js';
import { OK, RedisError, type Reply } from '../reply.js';
import { REDIS_VERSION } from './connection.js';

const time: Handler = ({ nowUs }) => {
  const seconds = Math.floor(nowUs / 1_000_000);
  return [String(seconds), String(nowUs - seconds * 1_000_000)];
};

/**
 * Waits until replicas have said that they have all that this connection has seen written, or the
 * time is up; answers how many have.
 */
const wait: Handler = (context, args, session) => {
  const replicas = parseIndex(args[1]!);
  if (replicas === undefined) return NOT_AN_INTEGER;
  const durationMs = parseIndex(args[2]!);
  if (durationMs === undefined) {
    return new RedisError('ERR timeout is not an integer or out of range');
  }
  if (durationMs < 0) return new RedisError('ERR timeout is negative');
  const { acknowledgements } = context;
  const known = acknowledgements.of(session.sawWrittenAtUs);
  if (known >= replicas || context.denyBlocking) return known;
  acknowledgements.ask(session.sawWrittenAtUs);
  // Those that do not lag answer at once.
  const acknowledged = acknowledgements.of(session.sawWrittenAtUs);
  if (acknowledged >= replicas) return acknowledged;
  const deadlineMs =
    durationMs === 0 ? Number.POSITIVE_INFINITY : context.keyspace.nowMs + durationMs;
  context.blocking.waitForReplicas(session, replicas, deadlineMs);
  return undefined;
};

/** The replication offset counts changes, not bytes; without replicas it stays 0, as in Redis. */
function replicationOffset({ log, options }: Context): number {
  return options.replicaLagUs.length === 0 ? 0 : log.count;
}

const role: Handler = (context): Reply => {
  const offset = replicationOffset(context);
  const replicas = context.options.replicaLagUs.map(
    (_lagUs, index): Reply => [`replica-${index + 1}`, '6379', String(offset)],
  );
  return ['master', offset, replicas];
};

/** Sections of INFO, in its order, each with its lines. */
function infoSections(context: Context): ReadonlyMap<string, readonly string[]> {
  const { entries } = context.keyspace;
  const expires = [...entries.values()].filter(({ expireAtMs }) => expireAtMs !== undefined).length;
  const keyspace =
    entries.size === 0 ? [] : [`db0:keys=${entries.size},expires=${expires},avg_ttl=0`];
  const { persistence, replicaLagUs } = context.options;
  return new Map([
    ['Server', [`redis_version:${REDIS_VERSION}`, 'redis_mode:standalone']],
    ['Persistence', ['loading:0', `aof_enabled:${persistence === 'none' ? 0 : 1}`]],
    [
      'Replication',
      [
        'role:master',
        `connected_slaves:${replicaLagUs.length}`,
        `master_repl_offset:${replicationOffset(context)}`,
      ],
    ],
    ['Keyspace', keyspace],
  ]);
}

const info: Handler = (context, args) => {
  const asked = args.slice(1).map(keyword);
  const all = asked.length === 0 || asked.some((name) => ALL_SECTIONS.has(name));
  return [...infoSections(context)]
    .filter(([name]) => all || asked.includes(name.toUpperCase()))
    .map(([name, lines]) => [`# ${name}`, ...lines, ''].join('\r\n'))
    .join('\r\n');
};

const ALL_SECTIONS: ReadonlySet<string> = new Set(['ALL', 'DEFAULT', 'EVERYTHING']);

/** Names with their values: what is asked for without wildcards is named as it was asked for. */
const configGet: Handler = ({ config }, args) => {
  const found = new Map<string, string>();
  for (const pattern of args.slice(2)) {
    const lower = pattern.toLowerCase();
    const literal = !/[*?[]/.test(pattern);
    for (const [name, value] of config.parameters()) {
      if (literal ? name === lower : matchesPattern(lower, name)) {
        found.set(literal ? pattern : name, value);
      }
    }
  }
  return [...found].flat();
};

const BAD_EVENT_CLASS = new RedisError(
  "ERR CONFIG SET failed (possibly related to argument 'notify-keyspace-events') - " +
    "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.",
);

const configSet: Handler = ({ config }, args) => {
  if (args.length % 2 === 1) return SYNTAX;
  let events: number | undefined;
  for (let index = 2; index < args.length; index += 2) {
    const name = args[index]!.toLowerCase();
    if (name !== 'notify-keyspace-events') return notModelled(`CONFIG SET ${args[index]!}`);
    if (/[^Ag$lshzxeKEtmdn]/.test(args[index + 1]!)) return BAD_EVENT_CLASS;
    events = parseEventClasses(args[index + 1]!);
    if (events === undefined) return notModelled(`CONFIG SET ${name} ${args[index + 1]!}`);
  }
  config.events = events ?? config.events;
  return OK;
};

/** What Redis 7.0.15 answers; the commands that are modelled are fewer. */
const COMMAND_COUNT = 240;
const commandCount: Handler = () => COMMAND_COUNT;

const bareCommand: Handler = () => notModelled('COMMAND');

export const SERVER_COMMANDS: readonly Command[] = [
  command('time', 1, 0, time),
  command('wait', 3, NO_SCRIPT, wait),
  command('role', 1, NO_SCRIPT, role),
  command('info', -1, 0, info),
  command('config', -2, 0, configGet),
  command('config|get', -3, NO_SCRIPT, configGet),
  command('config|set', -4, NO_SCRIPT, configSet),
  command('command', -1, 0, bareCommand),
  command('command|count', 2, 0, commandCount),
];

/**
 * The command table: from the words of a call to the command that answers it.
 */
import type { Command } from './command.js';
import { BLOCKING_POP_COMMANDS } from './commands/blocking-pops.js';
import { CONNECTION_COMMANDS } from './commands/connection.js';
import { COUNTER_COMMANDS } from './commands/counters.js';
import { EXPIRY_COMMANDS } from './commands/expiry.js';
import { HASH_COMMANDS } from './commands/hashes.js';
import { KEY_COMMANDS } from './commands/keys.js';
import { LIST_COMMANDS } from './commands/lists.js';
import { PUBSUB_COMMANDS } from './commands/pubsub.js';
import { SCRIPTING_COMMANDS } from './commands/scripting.js';
import { SERVER_COMMANDS } from './commands/server.js';
import { SET_COMMANDS } from './commands/sets.js';
import { STRING_BYTE_COMMANDS } from './commands/string-bytes.js';
import { STRING_COMMANDS } from './commands/strings.js';
import { TRANSACTION_COMMANDS } from './commands/transactions.js';
import { SORTED_SET_RANGE_COMMANDS } from './commands/zset-ranges.js';
import { SORTED_SET_COMMANDS } from './commands/zsets.js';
import { notModelled, unknownCommand, unknownSubcommand } from './errors.js';
import type { RedisError } from './reply.js';
import { UNMODELLED, UNMODELLED_SUBCOMMANDS } from './unmodelled.js';

/** All commands and subcommands (`client|setname`) that are modelled. */
export const COMMANDS: readonly Command[] = [
  ...STRING_COMMANDS,
  ...STRING_BYTE_COMMANDS,
  ...COUNTER_COMMANDS,
  ...EXPIRY_COMMANDS,
  ...KEY_COMMANDS,
  ...HASH_COMMANDS,
  ...LIST_COMMANDS,
  ...BLOCKING_POP_COMMANDS,
  ...SET_COMMANDS,
  ...SORTED_SET_COMMANDS,
  ...SORTED_SET_RANGE_COMMANDS,
  ...TRANSACTION_COMMANDS,
  ...PUBSUB_COMMANDS,
  ...SCRIPTING_COMMANDS,
  ...CONNECTION_COMMANDS,
  ...SERVER_COMMANDS,
];

/** Subcommands of each container, by their own name. */
function subcommandsOf(container: string): ReadonlyMap<string, Command> | undefined {
  const prefix = `${container}|`;
  const own = COMMANDS.filter(({ name }) => name.startsWith(prefix));
  if (own.length === 0) return undefined;
  return new Map(own.map((sub) => [sub.name.slice(prefix.length), sub]));
}

/** Commands by name, in lower and in upper case. */
const TABLE: ReadonlyMap<string, Command> = new Map(
  COMMANDS.filter(({ name }) => !name.includes('|')).flatMap((plain) => {
    const subcommands = subcommandsOf(plain.name);
    const entry = subcommands === undefined ? plain : { ...plain, subcommands };
    return [plain.name, plain.name.toUpperCase()].map((name): [string, Command] => [name, entry]);
  }),
);

/** The command of a call, or the error that there is none. */
export function findCommand(args: readonly string[]): Command | RedisError {
  const name = args[0]!;
  const found = TABLE.get(name) ?? TABLE.get(name.toLowerCase());
  if (found === undefined) {
    return UNMODELLED.has(name.toLowerCase())
      ? notModelled(name.toUpperCase())
      : unknownCommand(args);
  }
  return found.subcommands === undefined || args.length === 1 ? found : findSubcommand(found, args);
}

function findSubcommand(container: Command, args: readonly string[]): Command | RedisError {
  const name = args[1]!.toLowerCase();
  const found = container.subcommands!.get(name);
  if (found !== undefined) return found;
  if (UNMODELLED_SUBCOMMANDS.has(`${container.name}|${name}`)) {
    return notModelled(`${container.name.toUpperCase()} ${name.toUpperCase()}`);
  }
  return unknownSubcommand(args[0]!, args[1]!);
}

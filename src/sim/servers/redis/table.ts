/**
 * The command table: from the words of a call to the command that answers it.
 */
import type { Command } from './command.js';
import { BLOCKING_POP_COMMANDS } from './commands/blocking-pops.js';
import { CONNECTION_COMMANDS } from './commands/connection.js';
import { COUNTER_COMMANDS } from './commands/counters.js';
import { EXPIRY_COMMANDS } from './commands/expiry.js';
import { HASH_COMMANDS } from './commands/hashes.js';
import { KEY_NAME_COMMANDS } from './commands/key-names.js';
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
import { internalized } from './internalized.js';
import { noCommand, noSubcommand } from './no-command.js';
import type { RedisError } from './reply.js';

/** All commands and subcommands (`client|setname`) that are modelled. */
export const COMMANDS: readonly Command[] = [
  ...STRING_COMMANDS,
  ...STRING_BYTE_COMMANDS,
  ...COUNTER_COMMANDS,
  ...EXPIRY_COMMANDS,
  ...KEY_COMMANDS,
  ...KEY_NAME_COMMANDS,
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

/** A command, and of a container its subcommands by their own name. */
interface Entry {
  readonly command: Command;
  readonly subcommands: ReadonlyMap<string, Command> | undefined;
}

function subcommandsOf(container: string): ReadonlyMap<string, Command> | undefined {
  const prefix = `${container}|`;
  const own = COMMANDS.filter(({ name }) => name.startsWith(prefix));
  if (own.length === 0) return undefined;
  return new Map(own.map((sub) => [sub.name.slice(prefix.length), sub]));
}

/** Commands by name, in lower and in upper case. */
const TABLE: ReadonlyMap<string, Entry> = new Map(
  COMMANDS.filter(({ name }) => !name.includes('|')).flatMap((command) => {
    const { name: plain } = command;
    const entry = { command, subcommands: subcommandsOf(plain) };
    return [plain, internalized(plain.toUpperCase())].map((name): [string, Entry] => [name, entry]);
  }),
);

/** The command of a call, or the error that there is none. */
export function findCommand(args: readonly string[]): Command | RedisError {
  const name = args[0]!;
  const found = TABLE.get(name) ?? TABLE.get(name.toLowerCase());
  if (found === undefined) return noCommand(args);
  const { command, subcommands } = found;
  if (subcommands === undefined || args.length === 1) return command;
  return subcommands.get(args[1]!.toLowerCase()) ?? noSubcommand(args);
}

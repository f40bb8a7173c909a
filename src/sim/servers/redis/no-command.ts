/** What the server answers to a command that the table does not have. */
import { byteLength, sliceBytes } from './bytes.js';
import { notModelled, oneLine } from './errors.js';
import { RedisError } from './reply.js';
import { UNMODELLED, UNMODELLED_SUBCOMMANDS } from './unmodelled.js';

/** @param args the words of the call, the name of the command first. */
export function noCommand(args: readonly string[]): RedisError {
  const name = args[0]!;
  return UNMODELLED.has(name.toLowerCase())
    ? notModelled(name.toUpperCase())
    : unknownCommand(args);
}

/** @param args the words of the call, container and subcommand first. */
export function noSubcommand(args: readonly string[]): RedisError {
  const [container, subcommand] = args as [string, string];
  return UNMODELLED_SUBCOMMANDS.has(`${container}|${subcommand}`.toLowerCase())
    ? notModelled(`${container} ${subcommand}`.toUpperCase())
    : unknownSubcommand(container, subcommand);
}

function unknownCommand(args: readonly string[]): RedisError {
  let shown = '';
  for (let index = 1; index < args.length && byteLength(shown) < 128; index++) {
    shown += `'${sliceBytes(args[index]!, 0, 128 - byteLength(shown))}' `;
  }
  const name = sliceBytes(args[0]!, 0, 128);
  return new RedisError(
    oneLine(`ERR unknown command '${name}', with args beginning with: ${shown}`),
  );
}

function unknownSubcommand(container: string, subcommand: string): RedisError {
  const shown = sliceBytes(subcommand, 0, 128);
  const help = container.toUpperCase();
  return new RedisError(oneLine(`ERR unknown subcommand '${shown}'. Try ${help} HELP.`));
}

/** A subcommand whose arguments only its own code counts. */
export function misusedSubcommand(args: readonly string[]): RedisError {
  const shown = sliceBytes(args[1]!, 0, 128);
  return new RedisError(
    oneLine(
      `ERR unknown subcommand or wrong number of arguments for '${shown}'. ` +
        `Try ${args[0]!.toUpperCase()} HELP.`,
    ),
  );
}

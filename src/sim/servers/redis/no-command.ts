/** What the server answers to a command that the table does not have. */
import { notModelled, unknownCommand, unknownSubcommand } from './errors.js';
import type { RedisError } from './reply.js';
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

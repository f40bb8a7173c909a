/** What the commands of the command line have in common. */
import { type Command, Option } from 'commander';
import { UsageError } from '../host/engine-api.js';
import { hint } from './arguments.js';

/** `--set`, as often as there are options to set. */
export function setOption(of: string): Option {
  const collect = (text: string, before: readonly string[] = []) => [...before, text];
  return new Option('--set <option=value>', `option of ${of}`).argParser(collect);
}

/** A command that is none without one of those below it. */
export function refuseSubcommand(
  name: string,
  command: string | undefined,
  parent: Command,
): never {
  const names = parent.commands.map((one) => one.name());
  if (command === undefined) {
    throw new UsageError(`${name} takes a command: ${names.join(' or ')}`);
  }
  throw new UsageError(`${name} has no command ${command}; ${hint(command, names)}`);
}

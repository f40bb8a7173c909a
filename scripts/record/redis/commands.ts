/**
 * The command table of a real server: names, arities and the flags the model has too.
 */
import type { Connection } from './connection.js';
import type { GoldenReply } from './format.js';

const FLAGS = ['write', 'noscript'];

/** An entry of COMMAND: name, arity, flags, …, and at the end the subcommands. */
type Entry = readonly [name: string, arity: number, flags: { status: string }[], ...GoldenReply[]];
const SUBCOMMANDS = 9;

function flatten(entry: Entry): { name: string; arity: number; flags: string[] }[] {
  const [name, arity, flags] = entry;
  const known = flags.map(({ status }) => status).filter((flag) => FLAGS.includes(flag));
  const subcommands = entry[SUBCOMMANDS] as unknown as readonly Entry[];
  return [{ name, arity, flags: known.sort() }, ...subcommands.flatMap(flatten)];
}

/** All commands and subcommands, in the order of their names. */
export async function listCommands(control: Connection) {
  const entries = (await control.call('COMMAND')) as unknown as readonly Entry[];
  return entries.flatMap(flatten).sort((a, b) => (a.name < b.name ? -1 : 1));
}

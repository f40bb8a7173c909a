/**
 * The places that break a rule and are right to, each with the reason. An entry that excuses
 * nothing any more fails the test, so that this list stays as short as it is.
 */
import type { Problem } from './source.js';

export interface Exception {
  /** A file, or a folder with all in it, ending in a slash. */
  readonly path: string;
  /** Part of the message of the problem. */
  readonly message: string;
  readonly reason: string;
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    path: 'src/sim/servers/redis/lua/library/',
    message: 'of data is banned in the kernel',
    reason: 'tables of library functions, spelled out in the folder; no key looks like an integer',
  },
  {
    path: 'src/sim/servers/redis/commands/strings.ts',
    message: 'KEEPTTL is a number without a unit',
    reason: 'the name of an option of SET, as a bit; it measures nothing',
  },
  {
    path: 'src/sim/services/postgres-table-leases.ts',
    message: 'of data is banned in the kernel',
    reason: 'the columns of a row: one whose name is a number comes first in every run alike',
  },
  {
    path: 'scripts/record/',
    message: 'columns; at most',
    reason:
      'scripts and commands as they are sent to the server; a broken line would be another one',
  },
];

export function excuses({ path, message }: Exception, problem: Problem): boolean {
  const covers = path.endsWith('/') ? problem.path.startsWith(path) : problem.path === path;
  return covers && problem.message.includes(message);
}

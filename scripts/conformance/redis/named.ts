/**
 * What the simulated Redis answers otherwise than the real one and always will, and what is not
 * generated at all.
 */
import type { NamedDivergence, Omission } from '../arm.js';

const ADDRESS = /(?:table|function|userdata|thread): (?:builtin: )?(?:0x)?[0-9a-f]+/g;
const masked = (text: string) => text.replace(ADDRESS, '<address>');

/** The same messages in another order. */
function isPermutation(real: string, simulated: string): boolean {
  const sorted = (text: string) =>
    text
      .replace(/^pushes /, '')
      .split('; ')
      .sort(byText)
      .join('; ');
  return sorted(real) === sorted(simulated);
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export const NAMED: readonly NamedDivergence[] = [
  {
    name: 'not modelled, and says so',
    reason:
      'databases other than 0, and classes of key events that no lock uses: the simulated server ' +
      'names what it does not model, so that a lock that needs it fails loudly',
    matches: ({ simulated }) => simulated.includes('holdfast does not model'),
  },
  {
    name: 'address of a Lua value',
    reason: 'tostring of a table or function shows where it is in memory, which differs each time',
    matches: ({ real, simulated }) => real !== simulated && masked(real) === masked(simulated),
  },
  {
    name: 'order in which UNSUBSCRIBE leaves everything',
    reason: 'the real server follows a hash table with a seed of its own; ours the subscriptions',
    matches: (_difference, { command }) => /^\w: P?UNSUBSCRIBE$/.test(command),
  },
  {
    name: 'order of several patterns that match one message',
    reason: 'the real server follows a hash table with a seed of its own; ours the subscriptions',
    matches: ({ real, simulated }) => real.includes('"pmessage"') && isPermutation(real, simulated),
  },
];

export const OMISSIONS: readonly Omission[] = [
  {
    name: 'SPOP, SRANDMEMBER, RANDOMKEY',
    reason: 'answer by chance; recordings say what is allowed (test/golden/redis)',
  },
  {
    name: 'SET with an end that is past',
    reason:
      'DBSIZE counts an ended key until the server comes by, some milliseconds later; ours never',
  },
  {
    name: 'QUIT, SCRIPT KILL, FLUSHALL ASYNC',
    reason: 'end the connection or need a script that runs on: recordings have them',
  },
  {
    name: 'error with a table that has no text in its field err',
    reason: 'redis-server 7.0.15 dies of it (script_lua.c reads the field as a string)',
  },
  {
    name: 'a table that contains itself as a reply',
    reason: 'the real server goes down a million levels before it gives up',
  },
  {
    name: 'WAIT while replicas lag',
    reason:
      'one server is compared. The real one asks its replicas when WAIT comes, and the answer is ' +
      'behind all that was written before (replication.c: waitCommand); ours counts a lag from ' +
      'the write on, so that it answers earlier by the time between the two',
  },
];

/**
 * What the simulated PostgreSQL answers otherwise than the real one and always will, and what is
 * not generated at all.
 */
import type { NamedDivergence, Omission } from '../arm.js';
import { WAITS } from './spoken.js';

/** Out of range, division by zero, no value of the type. */
const CONSTANT_ERROR = /: 22(?:003|012|P02) /;

export const NAMED: readonly NamedDivergence[] = [
  {
    name: 'not modelled, and says so',
    reason:
      'what no lock uses, as % of numeric: the simulated server names what it does not model, so ' +
      'that a lock that needs it fails loudly',
    matches: ({ simulated }) => simulated.includes('0A000 not modelled: '),
  },
  {
    name: 'an error in a constant that no row reaches',
    reason:
      'the planner computes constant expressions before it looks for rows; ours are computed for ' +
      'each row, so that without one there is no error',
    matches: ({ real, simulated }) => CONSTANT_ERROR.test(real) && !/: \d\d\w{3} /.test(simulated),
  },
  {
    name: 'a wrong statement that waits for its table first',
    reason:
      'the real server locks the tables that a statement names as it analyses it, and so waits ' +
      'before it sees an unknown column or a wrong type; ours refuses it at once',
    matches: ({ real, simulated }) => real === WAITS && /^\d: 42\w{3} /.test(simulated),
  },
  {
    name: 'operators of types that are not modelled',
    reason:
      'of an unknown value and a text the real server makes jsonb, as in NULL - text; no lock ' +
      'has a value of that type',
    matches: ({ real, simulated }) =>
      simulated.includes('42883 operator does not exist: unknown - text') &&
      !real.includes('42883'),
  },
];

export const OMISSIONS: readonly Omission[] = [
  {
    name: 'rows without an order',
    reason: 'the planner chooses between the table and an index: what is generated has ORDER BY',
  },
  {
    name: 'who of several goes first when a transaction ends',
    reason:
      'nothing in PostgreSQL says who of those that wait for the end of one transaction is woken ' +
      'first: a sequence ends before',
  },
  {
    name: 'who leaves while a statement of his waits',
    reason: 'it is done once it may go on, beside what others do by then: a sequence ends before',
  },
];

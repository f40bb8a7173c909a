/**
 * Errors that the server gives to whatever it is asked (PostgreSQL documentation, "PostgreSQL Error
 * Codes", classes 53 and 57; texts: src/backend/tcop/postgres.c, src/backend/postmaster, and
 * src/backend/utils/mmgr). Serialization failures (40001) are none of them: READ COMMITTED has none.
 */
import type { Refusal } from './port.js';

const ALL: readonly Refusal[] = [
  {
    severity: 'FATAL',
    code: '57P01',
    message: 'terminating connection due to administrator command',
  },
  { severity: 'FATAL', code: '53300', message: 'sorry, too many clients already' },
  { severity: 'FATAL', code: '57P03', message: 'the database system is shutting down' },
  { severity: 'ERROR', code: '53200', message: 'out of memory' },
  { severity: 'ERROR', code: '57014', message: 'canceling statement due to user request' },
];

/** By code and text. */
export const REFUSALS: ReadonlyMap<string, Refusal> = new Map(
  ALL.map((refusal) => [`${refusal.code} ${refusal.message}`, refusal]),
);

/** Whether it meets only who connects, and not who has a session. */
export function forNewSessions({ code }: Refusal): boolean {
  return code === '53300' || code === '57P03';
}

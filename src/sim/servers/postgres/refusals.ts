/**
 * Errors that the server gives to whatever it is asked: it goes down, or is short of something
 * (PostgreSQL documentation, "PostgreSQL Error Codes", classes 53 and 57). Serialization failures
 * (40001) are none of them: READ COMMITTED has none.
 */
/** One of them: it aborts a transaction, and if it is `FATAL` it ends the session. */
export interface Refusal {
  readonly severity: 'ERROR' | 'FATAL';
  readonly code: string;
  readonly message: string;
}

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

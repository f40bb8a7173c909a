/** What a PostgreSQL says in a step, as a person reads it. */
import type { Arrived, GoldenMessage } from '../../record/postgres/format.js';

/** What a step says to which nothing came. */
export const WAITS = 'nothing: it waits';

function message(said: GoldenMessage): string {
  if ('error' in said) {
    const { error, message: text, detail } = said;
    return `${error} ${text}${detail === undefined ? '' : ` (${detail})`}`;
  }
  if ('result' in said) {
    const { result, count, rows } = said;
    const counted = count === undefined ? result : `${result} ${count}`;
    return rows === undefined ? counted : `${counted} ${JSON.stringify(rows)}`;
  }
  if ('notice' in said) return `notice ${said.notice} ${said.message}`;
  if ('ready' in said) return said.ready === 'idle' ? '' : `[${said.ready}]`;
  return JSON.stringify(said);
}

/** What arrived, as a person reads it: the answers of each session. */
export function spoken(arrived: readonly Arrived[]): string {
  if (arrived.length === 0) return WAITS;
  return arrived
    .map(([session, said]) => `${session}: ${said.map(message).join(' ').trim()}`)
    .join('; ');
}

/** How a transaction ends, whoever ends it: EXEC, DISCARD, RESET, an error, or the connection. */
import type { Context } from './context.js';
import type { Session } from './session.js';

/** Ends a transaction and the WATCHes that guard it. */
export function endTransaction({ watches }: Context, session: Session): void {
  session.queue = undefined;
  session.spoiled = false;
  session.outdated = false;
  watches.leave(session);
}

/**
 * WATCH: which sessions look at which keys. A write to a watched key, its deletion or its expiry
 * makes the next EXEC of those sessions answer nil.
 */
import { type Session, withName } from './session.js';

export class Watches {
  private readonly sessions = new Map<string, Set<Session>>();

  watch(session: Session, key: string): void {
    session.watched = withName(session.watched, key);
    const watching = this.sessions.get(key);
    if (watching === undefined) this.sessions.set(key, new Set([session]));
    else watching.add(session);
  }

  /** Ends all WATCHes of a session. */
  leave(session: Session): void {
    for (const key of session.watched) {
      const watching = this.sessions.get(key);
      watching?.delete(session);
      if (watching?.size === 0) this.sessions.delete(key);
    }
    session.watched = [];
  }

  touch(key: string): void {
    if (this.sessions.size === 0) return;
    const watching = this.sessions.get(key);
    if (watching === undefined) return;
    for (const session of [...watching]) {
      session.outdated = true;
      this.leave(session);
    }
  }

  clear(): void {
    this.sessions.clear();
  }
}

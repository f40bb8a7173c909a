/**
 * Who is subscribed to what, and the pushes that follow (RESP2 arrays). Channels deliver in the
 * order of subscription, patterns after channels; a message is gone once it was sent: nobody who
 * subscribes later gets it.
 */
import { matchesPattern } from './pattern.js';
import type { RedisPort } from './port.js';
import type { Reply } from './reply.js';
import { type Session, withName } from './session.js';

type Kind = 'channels' | 'patterns';

export class PubSub {
  private readonly channels = new Map<string, Set<Session>>();
  private readonly patterns = new Map<string, Set<Session>>();

  constructor(private readonly port: RedisPort) {}

  /** Sends a message to all who listen; answers how many pushes that were. */
  publish(channel: string, message: string): number {
    let receivers = 0;
    for (const session of this.channels.get(channel) ?? []) {
      this.port.send(session.connection, ['message', channel, message]);
      receivers += 1;
    }
    for (const [pattern, sessions] of this.patterns) {
      if (!matchesPattern(pattern, channel)) continue;
      for (const session of sessions) {
        this.port.send(session.connection, ['pmessage', pattern, channel, message]);
        receivers += 1;
      }
    }
    return receivers;
  }

  /** Subscribes; answers the confirmation to be sent. */
  subscribe(session: Session, kind: Kind, name: string): Reply {
    session[kind] = withName(session[kind], name);
    const sessions = this[kind].get(name);
    if (sessions === undefined) this[kind].set(name, new Set([session]));
    else sessions.add(session);
    return [kind === 'channels' ? 'subscribe' : 'psubscribe', name, session.subscriptions];
  }

  /** Unsubscribes; answers the confirmation to be sent. */
  unsubscribe(session: Session, kind: Kind, name: string | null): Reply {
    if (name !== null) this.remove(session, kind, name);
    return [kind === 'channels' ? 'unsubscribe' : 'punsubscribe', name, session.subscriptions];
  }

  private remove(session: Session, kind: Kind, name: string): void {
    session[kind] = session[kind].filter((one) => one !== name);
    const sessions = this[kind].get(name);
    sessions?.delete(session);
    if (sessions?.size === 0) this[kind].delete(name);
  }

  /** Ends all subscriptions of a session without a word. */
  leave(session: Session): void {
    for (const name of session.channels) this.remove(session, 'channels', name);
    for (const name of session.patterns) this.remove(session, 'patterns', name);
  }

  clear(): void {
    this.channels.clear();
    this.patterns.clear();
  }

  /** Channels with a subscriber that match a pattern (PUBSUB CHANNELS). */
  active(pattern: string): string[] {
    return [...this.channels.keys()].filter((name) => matchesPattern(pattern, name));
  }

  /** Number of subscribers of a channel (PUBSUB NUMSUB). */
  subscribers(channel: string): number {
    return this.channels.get(channel)?.size ?? 0;
  }

  /** Number of patterns with a subscriber (PUBSUB NUMPAT). */
  get patternCount(): number {
    return this.patterns.size;
  }
}

/**
 * On servers that others use too, whatever a lock makes bears the mark of its run. Its key does so
 * in the processes of the clients and on the wire, and nowhere else: what a run hears of either is
 * put back to the plain key, so that stories, models and checkers know of no mark.
 */
import type { Scenario } from '../../scenario.js';
import type { Frame } from '../proxy/framing.js';
import type { Watcher } from '../proxy/tunnel.js';

export class Renaming {
  constructor(
    /** What the key of the lock begins with on the servers. */
    private readonly prefix: string,
  ) {}

  /** The scenario as clients are told it. */
  onServers(scenario: Scenario): Scenario {
    return { ...scenario, key: this.prefix + scenario.key };
  }

  /** Plain data as it would be without the mark. */
  plain<T>(value: T): T {
    return this.without(value) as T;
  }

  private without(value: unknown): unknown {
    if (typeof value === 'string') return value.replaceAll(this.prefix, '');
    if (Array.isArray(value)) return value.map((item) => this.without(item));
    if (!isPlainObject(value)) return value;
    const entries = Object.entries(value).map(([name, item]) => [name, this.without(item)]);
    return Object.fromEntries(entries);
  }

  /** The same of messages; their bytes stay as they are. */
  heardBy(watcher: Watcher): Watcher {
    return {
      request: (tunnel, frame) => watcher.request(tunnel, this.told(frame)),
      reply: (tunnel, frame) => watcher.reply(tunnel, this.told(frame)),
      passing: (tunnel, frame, direction, go) =>
        watcher.passing(tunnel, this.told(frame), direction, go),
      hungUp: (tunnel) => watcher.hungUp(tunnel),
      dropped: (tunnel) => watcher.dropped(tunnel),
    };
  }

  /** The same message, because its tunnel knows it again. */
  private told(frame: Frame): Frame {
    const text = this.plain(frame.text);
    return Object.assign(
      frame,
      'body' in frame ? { text, body: this.plain(frame.body) } : { text },
    );
  }
}

function isPlainObject(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

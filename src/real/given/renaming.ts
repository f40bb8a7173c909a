/**
 * On servers that others use too, whatever a lock makes bears the mark of its run. Its key does so
 * in the processes of the clients and on the wire, and nowhere else: what a run hears of either is
 * put back to the plain key, so that stories, models and checkers know of no mark.
 */
import type { HostId } from '../../fault.js';
import type { Scenario } from '../../scenario.js';
import type { ClientLine } from '../client/job.js';
import type { Revisions } from '../history/revisions.js';
import type { Frame } from '../proxy/framing.js';
import type { Tunnel, Watcher } from '../proxy/tunnel.js';
import { MarkedNames } from './marked-names.js';

export class Renaming {
  /** Of servers that count over more than a run. */
  readonly revisions = new Map<HostId, Revisions>();
  readonly names: MarkedNames;
  /** What the key of the lock begins with on the servers. */
  private readonly prefix: string;

  constructor(mark: string) {
    this.names = new MarkedNames(mark);
    this.prefix = `${mark}:`;
  }

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

  /** The same of what a client says. */
  said(line: ClientLine): ClientLine {
    const plain = this.plain(line);
    const revisions = plain.line === 'sent' ? this.revisions.get(plain.server) : undefined;
    if (plain.line !== 'sent' || revisions === undefined) return plain;
    return { ...plain, text: revisions.ownText(plain.text) };
  }

  /** The same of messages; their bytes stay as they are. */
  heardBy(watcher: Watcher): Watcher {
    return {
      request: (tunnel, frame) => watcher.request(tunnel, this.told(tunnel, frame)),
      reply: (tunnel, frame) => watcher.reply(tunnel, this.told(tunnel, frame)),
      passing: (tunnel, frame, direction, go) =>
        watcher.passing(tunnel, this.told(tunnel, frame), direction, go),
      hungUp: (tunnel) => watcher.hungUp(tunnel),
      dropped: (tunnel) => watcher.dropped(tunnel),
    };
  }

  /** The same message, because its tunnel knows it again. */
  private told({ server }: Tunnel, frame: Frame): Frame {
    const revisions = this.revisions.get(server);
    const plain = this.plain(frame.text);
    const text = revisions?.ownText(plain) ?? plain;
    if (!('body' in frame)) return Object.assign(frame, { text });
    this.names.lookAt(frame.body);
    const body = this.plain(frame.body);
    return Object.assign(frame, { text, body: revisions?.ownBody(body) ?? body });
  }
}

function isPlainObject(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/**
 * The watches that a client library believes to be set at its server, kept to be set again after a
 * reconnect (upstream ZKWatchManager.java and the watch registrations of ZooKeeper.java, 3.8.0). A
 * watch counts from the response that set it.
 */
import { ERROR } from './errors.js';
import type { RequestBody, SetWatches, WatchEventKind } from './messages.js';

export class ClientWatches {
  private readonly data = new Set<string>();
  private readonly exist = new Set<string>();
  private readonly child = new Set<string>();

  get isEmpty(): boolean {
    return this.data.size + this.exist.size + this.child.size === 0;
  }

  /** A request was answered. */
  answered(request: RequestBody, error: number): void {
    if (!('watch' in request) || !request.watch) return;
    const { type, path } = request;
    if (type === 'exists' && error === ERROR.NONODE) this.exist.add(path);
    if (error !== ERROR.OK) return;
    if (type === 'exists' || type === 'getData') this.data.add(path);
    else this.child.add(path);
  }

  /** A watch fired: the one that did is gone. */
  fired(event: WatchEventKind, path: string): void {
    if (event !== 'NodeChildrenChanged') {
      this.data.delete(path);
      this.exist.delete(path);
    }
    if (event === 'NodeDeleted' || event === 'NodeChildrenChanged') this.child.delete(path);
  }

  clear(): void {
    this.data.clear();
    this.exist.clear();
    this.child.clear();
  }

  /** What to send on a new connection of the same session. */
  request(relativeZxid: number): SetWatches {
    return {
      type: 'setWatches',
      relativeZxid,
      dataWatches: [...this.data],
      existWatches: [...this.exist],
      childWatches: [...this.child],
      persistentWatches: [],
      persistentRecursiveWatches: [],
    };
  }
}

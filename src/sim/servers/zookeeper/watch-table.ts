/**
 * Watches of the connections of one server on one kind of change (upstream WatchManager.java,
 * WatcherModeManager.java of 3.8.0). A watch fires once unless it is persistent; setting a one-shot
 * watch where the same connection has a persistent one turns that into a one-shot, as it does there
 * (mended in 3.9: apache/zookeeper ZOOKEEPER-4466).
 */
import type { WatchEventKind, WatchMode } from './messages.js';
import { parentOf } from './path.js';

export type Notify = (connection: number, event: WatchEventKind, path: string) => void;

export class WatchTable {
  private readonly byPath = new Map<string, Map<number, WatchMode>>();
  /** Recursive watches there are: without one, nobody looks at the parents. */
  private recursive = 0;

  constructor(private readonly notify: Notify) {}

  add(path: string, connection: number, mode: WatchMode): void {
    let watchers = this.byPath.get(path);
    if (watchers === undefined) {
      watchers = new Map();
      this.byPath.set(path, watchers);
    }
    this.recursive +=
      Number(mode === 'persistent-recursive') -
      Number(watchers.get(connection) === 'persistent-recursive');
    watchers.set(connection, mode);
  }

  /** Whether there was one. */
  remove(path: string, connection: number): boolean {
    const watchers = this.byPath.get(path);
    const mode = watchers?.get(connection);
    if (watchers === undefined || mode === undefined) return false;
    if (mode === 'persistent-recursive') this.recursive -= 1;
    watchers.delete(connection);
    if (watchers.size === 0) this.byPath.delete(path);
    return true;
  }

  /** The connection ended. */
  leave(connection: number): void {
    for (const path of [...this.byPath.keys()]) this.remove(path, connection);
  }

  /**
   * Tells whoever watches, but those in `told` already. The answer is who was found, for the next
   * table of the same change.
   */
  trigger(
    path: string,
    event: WatchEventKind,
    told?: ReadonlySet<number>,
  ): ReadonlySet<number> | undefined {
    const found = this.collect(path, event);
    if (found === undefined) return undefined;
    for (const connection of found) {
      if (told?.has(connection) !== true) this.notify(connection, event, path);
    }
    return found;
  }

  private collect(path: string, event: WatchEventKind): Set<number> | undefined {
    const watchers = this.byPath.get(path);
    if (watchers === undefined && this.recursive === 0) return undefined;
    const found = new Set<number>();
    for (const [connection, mode] of watchers ?? []) {
      if (mode === 'persistent-recursive' && event === 'NodeChildrenChanged') continue;
      found.add(connection);
      if (mode === 'one-shot') this.remove(path, connection);
    }
    if (this.recursive > 0 && event !== 'NodeChildrenChanged') this.collectAbove(path, found);
    return found.size === 0 ? undefined : found;
  }

  private collectAbove(path: string, found: Set<number>): void {
    for (let above = path; above.length > 1; ) {
      above = parentOf(above) || '/';
      for (const [connection, mode] of this.byPath.get(above) ?? []) {
        if (mode === 'persistent-recursive') found.add(connection);
      }
    }
  }
}

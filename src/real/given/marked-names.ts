/**
 * Names that a run made on servers of the user's are found by what they begin with: its mark, or
 * what a lock puts before that, such as `/locks/`. That is looked for in all that is sent there.
 */

/** What holds a name in a request to etcd or ZooKeeper, as a model takes it. */
const NAMES: ReadonlySet<string> = new Set(['key', 'path']);
/** A lock that puts something else before its key each time would have no end of these. */
const MOST = 100;

export class MarkedNames {
  /** What stands before the mark, apart from nothing at all. */
  readonly before = new Set<string>();
  /** Whether there were more than are kept. */
  isFull = false;
  /** Called when there is one more. */
  onMore: () => void = () => {};

  constructor(private readonly mark: string) {}

  lookAt(body: unknown): void {
    if (Array.isArray(body)) for (const item of body) this.lookAt(item);
    else if (typeof body === 'object' && body !== null && !ArrayBuffer.isView(body)) {
      for (const [name, item] of Object.entries(body)) {
        if (!NAMES.has(name)) this.lookAt(item);
        else if (typeof item === 'string') this.sent(item);
      }
    }
  }

  private sent(name: string): void {
    const at = name.indexOf(this.mark);
    const before = name.slice(0, Math.max(0, at));
    if (before === '' || this.before.has(before)) return;
    this.isFull = this.before.size === MOST;
    if (this.isFull) return;
    this.before.add(before);
    this.onMore();
  }
}

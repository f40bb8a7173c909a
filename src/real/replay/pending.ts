/**
 * What has come and what is waited for: a conductor asks for the next one and gets it when it is
 * there, or hears that it did not come in time.
 */

export class Pending<T> {
  private readonly arrived: T[] = [];
  private wake: (() => void) | undefined;

  has(isMeant: (item: T) => boolean): boolean {
    return this.arrived.some(isMeant);
  }

  add(item: T): void {
    this.arrived.push(item);
    this.wake?.();
  }

  /** The next one, without waiting. */
  take(): T | undefined {
    return this.arrived.shift();
  }

  /** The next one that is meant; undefined if it does not come within that time. */
  async next(limitMs: number, isMeant: (item: T) => boolean = () => true): Promise<T | undefined> {
    const item = await this.peek(0, limitMs, isMeant);
    if (item !== undefined) this.arrived.splice(this.arrived.indexOf(item), 1);
    return item;
  }

  /**
   * The one behind so many others of those that count, which stays; undefined if it does not come
   * in time.
   */
  async peek(
    index: number,
    limitMs: number,
    counts: (item: T) => boolean = () => true,
  ): Promise<T | undefined> {
    const end = performance.now() + limitMs;
    for (;;) {
      const counted = this.arrived.filter(counts);
      if (counted.length > index) return counted[index];
      const leftMs = end - performance.now();
      if (leftMs <= 0) return undefined;
      await this.woken(leftMs);
    }
  }

  private woken(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(limit);
        this.wake = undefined;
        resolve();
      };
      const limit = setTimeout(done, limitMs);
      this.wake = done;
    });
  }
}

/**
 * A table by number. Ids of calls and leases count up from 1 in a run, so an array is several times
 * faster and smaller than a `Map`; ids that do not count up still work, as an array with holes.
 */
export class ById<T> {
  private readonly items: (T | undefined)[] = [];

  get(id: number): T | undefined {
    return this.items[id];
  }

  set(id: number, item: T): void {
    this.items[id] = item;
  }
}

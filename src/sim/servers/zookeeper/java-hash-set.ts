/**
 * The order in which Java 17 walks a HashSet of strings. ZooKeeper keeps children and a session's
 * ephemeral znodes in such sets and answers in their order: neither that of names nor that of
 * creation, which recipes that forget to sort must meet here too (java.util.HashMap; buckets of
 * more than eight in a table of 64 or more become trees there, which is not modelled).
 */

/** `String.hashCode`, spread over the low bits as HashMap does. */
function hash(text: string): number {
  let code = 0;
  for (let index = 0; index < text.length; index++) {
    code = (Math.imul(31, code) + text.charCodeAt(index)) | 0;
  }
  return code ^ (code >>> 16);
}

const LONG_BUCKET = 8;
const TREES_FROM = 64;

/**
 * Within a bucket, texts are in the order in which they came, whatever the table has grown since:
 * so the texts in that order, and the size of the table, say it all.
 */
export class JavaHashSet {
  private readonly hashes = new Map<string, number>();

  /** `capacity`: size of the table, a power of two. */
  constructor(private capacity: number) {}

  get size(): number {
    return this.hashes.size;
  }

  /** Adds what is not in the set yet. */
  add(text: string): void {
    const code = hash(text);
    this.hashes.set(text, code);
    if (this.capacity < TREES_FROM && this.size > LONG_BUCKET && this.isLong(code)) {
      this.capacity *= 2;
    }
    if (this.size > this.capacity * 0.75) this.capacity *= 2;
  }

  private isLong(code: number): boolean {
    const mask = this.capacity - 1;
    let length = 0;
    for (const other of this.hashes.values()) if ((other & mask) === (code & mask)) length += 1;
    return length > LONG_BUCKET;
  }

  delete(text: string): void {
    this.hashes.delete(text);
  }

  values(): string[] {
    if (this.size < 2) return [...this.hashes.keys()];
    const mask = this.capacity - 1;
    const entries = [...this.hashes];
    // The sort keeps the order of what is in one bucket.
    entries.sort((a, b) => (a[1] & mask) - (b[1] & mask));
    return entries.map(([text]) => text);
  }

  /** `HashSet.clone`: the copy's table is as large as they need, so that the order may change. */
  clone(): JavaHashSet {
    const copy = new JavaHashSet(this.size === 0 ? 16 : capacityFor(this.size));
    for (const text of this.values()) copy.add(text);
    return copy;
  }
}

/** The power of two that holds `count` at three quarters full. */
function capacityFor(count: number): number {
  const least = Math.floor(count / 0.75 + 1);
  let capacity = 1;
  while (capacity < least) capacity *= 2;
  return capacity;
}

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

export class JavaHashSet {
  private buckets: string[][];
  private count = 0;

  /** `capacity`: a power of two. */
  constructor(capacity: number) {
    this.buckets = emptyBuckets(capacity);
  }

  get size(): number {
    return this.count;
  }

  /** Adds what is not in the set yet. */
  add(text: string): void {
    const bucket = this.bucketOf(text);
    bucket.push(text);
    this.count += 1;
    if (bucket.length > LONG_BUCKET && this.buckets.length < TREES_FROM) this.grow();
    if (this.count > this.buckets.length * 0.75) this.grow();
  }

  delete(text: string): void {
    const bucket = this.bucketOf(text);
    const at = bucket.indexOf(text);
    if (at < 0) return;
    bucket.splice(at, 1);
    this.count -= 1;
  }

  values(): string[] {
    return this.buckets.flat();
  }

  /** `HashSet.clone`: the copy's table is as large as they need, so that the order may change. */
  clone(): JavaHashSet {
    const copy = new JavaHashSet(this.count === 0 ? 16 : capacityFor(this.count));
    for (const text of this.values()) copy.add(text);
    return copy;
  }

  private bucketOf(text: string): string[] {
    return this.buckets[hash(text) & (this.buckets.length - 1)]!;
  }

  private grow(): void {
    const texts = this.values();
    this.buckets = emptyBuckets(this.buckets.length * 2);
    for (const text of texts) this.bucketOf(text).push(text);
  }
}

function emptyBuckets(capacity: number): string[][] {
  return Array.from({ length: capacity }, () => []);
}

/** The power of two that holds `count` at three quarters full. */
function capacityFor(count: number): number {
  const least = Math.floor(count / 0.75 + 1);
  let capacity = 1;
  while (capacity < least) capacity *= 2;
  return capacity;
}

/**
 * The generator behind `math.random`: Redis has one of its own, the 48-bit linear congruential
 * `lrand48` of BSD (src/rand.c of Redis 7.0.15), so that scripts draw the same numbers everywhere.
 *
 * A real server 7.0 starts it once and lets scripts share it; here every run starts it anew, as
 * servers before 7.0 did and as docs/semantics.md, D1 asks: no script may influence a later one.
 */

/** REDIS_LRAND48_MAX. */
const MAX = 0x7fffffff;
const MULTIPLIER = 0x5deece66dn;
const INCREMENT = 0xbn;
const MASK = (1n << 48n) - 1n;

export class Random {
  /** As rand.c initialises it. */
  private state = 0x1234abcd330en;

  /** `math.randomseed`: the seed becomes the upper 32 bits. */
  seed(seed: number): void {
    this.state = (BigInt(seed >>> 0) << 16n) | 0x330en;
  }

  /** A number in [0, 1). */
  next(): number {
    this.state = (this.state * MULTIPLIER + INCREMENT) & MASK;
    return (Number(this.state >> 17n) % MAX) / MAX;
  }
}

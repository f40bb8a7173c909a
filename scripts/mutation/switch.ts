/** The switch that instrumented code asks: which mutant is on, who asked, how long loops run. */

export class MutationSwitch {
  /** The mutant that is on; none while tests are observed. */
  private active = -1;
  private hits: Set<number> | undefined;
  private loops = 0;
  private loopLimit = Number.POSITIVE_INFINITY;

  /** Called in place of each mutant; `true` turns it on. */
  readonly $m = (id: number): boolean => {
    this.hits?.add(id);
    return id === this.active;
  };

  /** Called on each round of each loop: a mutant that never ends is stopped, and so killed. */
  readonly $loop = (): void => {
    if (++this.loops > this.loopLimit) throw new Error('the loop does not end');
  };

  /** Runs a test without any mutant; returns which mutants it would have met. */
  async observe(test: () => unknown): Promise<{ hits: ReadonlySet<number>; loops: number }> {
    const hits = new Set<number>();
    this.hits = hits;
    this.loops = 0;
    try {
      await test();
      return { hits, loops: this.loops };
    } finally {
      this.hits = undefined;
    }
  }

  /** Whether a test fails with the mutant on. */
  async kills(mutant: number, test: () => unknown, loops: number): Promise<boolean> {
    this.active = mutant;
    this.loops = 0;
    this.loopLimit = 100_000 + 10 * loops;
    try {
      await test();
      return false;
    } catch {
      return true;
    } finally {
      this.active = -1;
      this.loopLimit = Number.POSITIVE_INFINITY;
    }
  }
}

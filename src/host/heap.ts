/**
 * How V8 keeps what runs allocate. Everything of a run lives until its verdict and then dies, so
 * what V8 concludes from the run that happens to be live at a collection is wrong of all others: it
 * goes on to allocate such objects among the old ones, where they outlive their run and keep the
 * rest of it alive. Without that habit runs of some locks take a third less time.
 */
import v8 from 'node:v8';

/**
 * Room for young objects, in MB, in each of the two halves between which they are copied. V8 takes
 * 16 by default; runs leave so little behind that they need no more than this, and this much stays
 * in the processor's caches.
 */
export const SEMI_SPACE_MB = 8;

/** The same as `resourceLimits` of a thread counts it: V8 makes three parts of it. */
export const YOUNG_GENERATION_MB = 3 * SEMI_SPACE_MB;

/** Lets the objects of runs begin among the young ones, all of them. Of the whole process. */
export function keepRunsYoung(): void {
  v8.setFlagsFromString('--no-allocation-site-pretenuring');
}

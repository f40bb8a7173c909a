/** One scale for how late the steps of all stories were: from 1 ms, ten times more each mark. */
import type { StoryReport } from '../../../src/timeline/conformance/document.js';

const FIRST_US = 1_000;
const LEAST_MARKS = 3;

/** The marks of a scale on which every story finds room, in µs. */
export function marksFor(stories: readonly StoryReport[]): number[] {
  const latestUs = Math.max(0, ...stories.map(({ timing }) => timing?.maxUs ?? 0));
  const marks = [FIRST_US];
  while (marks.length < LEAST_MARKS || marks.at(-1)! < latestUs) marks.push(marks.at(-1)! * 10);
  return marks;
}

/** Where a lateness stands on a scale, from 0 to 1; what is below its first mark stands at 0. */
export function placeOf(us: number, marks: readonly number[]): number {
  if (us <= FIRST_US) return 0;
  return Math.log10(us / FIRST_US) / (marks.length - 1);
}

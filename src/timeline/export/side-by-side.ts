/**
 * Marks of one thread in one microsecond share it, in their order. On top of each other they would
 * look as if one called the other, and Perfetto drops what lies deeper than 512 (`kMaxDepth` in its
 * src/trace_processor/importers/common/slice_tracker.h); it reads times to the nanosecond.
 */
export interface Mark {
  readonly tid: number;
  /** In whole µs. */
  readonly ts: number;
}

export interface Placed<M> {
  readonly mark: M;
  /** Both in µs, to the nanosecond. */
  readonly ts: number;
  readonly dur: number;
}

const NS = 1_000;

export function sideBySide<M extends Mark>(marks: readonly M[]): Placed<M>[] {
  const sharing = new Map<string, M[]>();
  for (const mark of marks) {
    const place = `${mark.tid} ${mark.ts}`;
    const others = sharing.get(place);
    if (others === undefined) sharing.set(place, [mark]);
    else others.push(mark);
  }
  return [...sharing.values()].flatMap((all) => {
    const widthNs = Math.max(1, Math.floor(NS / all.length));
    const dur = widthNs / NS;
    return all.map((mark, at) => {
      const ts = (mark.ts * NS + ((at * widthNs) % NS)) / NS;
      return { mark, ts, dur };
    });
  });
}

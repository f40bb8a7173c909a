/**
 * Deals stretches of time out to as few lanes as it takes for those of each lane to nest: any two
 * of them lie one inside the other, or apart. Viewers of stacks draw nothing else.
 */
export interface Stretch {
  readonly fromUs: number;
  readonly untilUs: number;
}

export function nestingLanes<S extends Stretch>(stretches: readonly S[]): S[][] {
  const byStart = [...stretches].sort((a, b) => a.fromUs - b.fromUs || b.untilUs - a.untilUs);
  const lanes: { readonly all: S[]; readonly open: S[] }[] = [];
  for (const stretch of byStart) {
    const fitting = lanes.find(({ open }) => {
      while (open.length > 0 && open.at(-1)!.untilUs <= stretch.fromUs) open.pop();
      return open.length === 0 || stretch.untilUs <= open.at(-1)!.untilUs;
    });
    if (fitting === undefined) lanes.push({ all: [stretch], open: [stretch] });
    else {
      fitting.all.push(stretch);
      fitting.open.push(stretch);
    }
  }
  return lanes.map(({ all }) => all);
}

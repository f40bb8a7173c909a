/** Dragging a fault in the timeline: by its body it moves, by its end it grows or shrinks. */
import { moveFault, resizeFault } from '../../../src/lab/fault-edits.js';
import { xAt } from '../../../src/timeline/picture/axis.js';
import type { Ref } from '../../../src/timeline/picture/marks.js';
import type { ExploreState } from '../explore/explore-state.js';
import type { Drag } from '../explore/pointer.js';
import type { LabState } from './lab-state.js';

/** So near to its end a fault is taken by its end. */
const EDGE_PX = 8;
/** A fault is dragged to whole milliseconds, as somebody would type them; with Alt, to any µs. */
const STEP_US = 1_000;
/** Each drag is a gesture of its own: all its steps are undone at once. */
let gestures = 0;

/** Takes hold of the fault under the pointer, if there is one. */
export function faultDrag(lab: LabState, state: ExploreState) {
  return (ref: Ref, x: number): Drag | undefined => {
    const scenario = lab.plan.value?.scenario;
    const struck = struckBy(state, ref);
    if (scenario === undefined || struck === undefined) return undefined;
    const { id, fromUs, untilUs } = struck;
    const fault = scenario.faults.find((one) => one.id === id);
    if (fault === undefined) return undefined;
    const view = state.view.value;
    const hasLength = 'durationUs' in fault || 'restartAfterUs' in fault;
    const byEnd = hasLength && isByEnd(x, xAt(view, fromUs), xAt(view, untilUs));
    const heldUs = state.instantAt(x) - fromUs;
    const gesture = `drag ${++gestures}`;
    return {
      // The picture moves under the pointer: what it is measured by is the one it was taken in.
      move: (to, isFine) => {
        const atUs = state.instantAt(to);
        const us = byEnd ? atUs - fromUs : atUs - heldUs;
        const snappedUs = isFine ? us : Math.round(us / STEP_US) * STEP_US;
        const moved = (byEnd ? resizeFault : moveFault)(scenario, id, snappedUs);
        lab.change(moved, gesture);
      },
    };
  };
}

/** Whether a press takes the end: of what is too short to have a middle, the nearer half. */
export function isByEnd(x: number, fromX: number, untilX: number): boolean {
  const toEnd = Math.abs(untilX - x);
  return toEnd <= EDGE_PX && toEnd < Math.abs(x - fromX);
}

/** The fault that a mark stands for: the mark of a pause is that of the host's state. */
function struckBy({ model }: ExploreState, ref: Ref) {
  const { faults } = model.file;
  if ('fault' in ref) return faults[ref.fault];
  if (!('row' in ref)) return undefined;
  const record = model.record(ref.row);
  if (record.type !== 'host') return undefined;
  const host = model.host[ref.row]!;
  return faults.find(
    ({ hosts, fromUs }) => hosts.includes(host) && Math.abs(fromUs - record.atUs) <= 1,
  );
}

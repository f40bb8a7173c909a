/** Dragging a fault in the timeline: by its body it moves, by its end it grows or shrinks. */
import type { Fault } from '../../../src/fault.js';
import { instantAtX, xAt } from '../../../src/timeline/picture/axis.js';
import type { Ref } from '../../../src/timeline/picture/marks.js';
import type { ExploreState } from '../explore/explore-state.js';
import type { Drag } from '../explore/pointer.js';
import { endingAt, movedTo } from './faults.js';
import type { LabState } from './lab-state.js';

/** So near to its end a fault is taken by its end. */
const EDGE_PX = 8;

/** Takes hold of the fault under the pointer, if there is one. */
export function faultDrag(lab: LabState, state: ExploreState) {
  return (ref: Ref | undefined, x: number): Drag | undefined => {
    const plan = lab.plan.value;
    const struck = ref === undefined ? undefined : struckBy(state, ref);
    if (plan === undefined || struck === undefined) return undefined;
    const fault = plan.scenario.faults.find(({ id }) => id === struck.id);
    if (fault === undefined) return undefined;
    const view = state.view.value;
    const byEnd = Math.abs(xAt(view, struck.untilUs) - x) <= EDGE_PX && 'durationUs' in fault;
    const heldUs = instantAtX(view, x) - struck.fromUs;
    let isFirst = true;
    return {
      move: (to) => {
        const atUs = instantAtX(view, to);
        const moved = byEnd ? endingAt(fault, struck.fromUs, atUs) : movedTo(fault, atUs - heldUs);
        const { scenario } = plan;
        const faults = scenario.faults.map((one): Fault => (one.id === fault.id ? moved : one));
        lab.drag({ ...plan, scenario: { ...scenario, faults } }, isFirst);
        isFirst = false;
      },
      end: () => lab.dropped(),
    };
  };
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
    ({ hosts, fromUs }) =>
      hosts.includes(host) && fromUs <= record.atUs && record.atUs <= fromUs + 1,
  );
}

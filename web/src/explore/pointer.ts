/** What a pointer does in the timeline. */
import { useSignal } from '@preact/signals';
import { instantAtX } from '../../../src/timeline/picture/axis.js';
import type { Mark, Ref } from '../../../src/timeline/picture/marks.js';
import type { ExploreState } from './explore-state.js';
import { refsAt } from './hit.js';

/** A press that moves no further is a click. */
const CLICK_PX = 4;
const WHEEL_STEP = 1.002;

/** What a press took hold of; `x` is in pixels of the sheet. */
export interface Drag {
  /** @param isFine as finely as can be (Alt), and not in steps that are easy to read. */
  move(x: number, isFine: boolean): void;
}

/** Whether a press on a mark takes hold of something; if on none, it moves the view. */
export type Take = (ref: Ref, x: number) => Drag | undefined;

/** What lies over a thing that can be taken, such as the line of a violation, is not in its way. */
export function taken(take: Take, refs: Iterable<Ref>, x: number): Drag | undefined {
  for (const ref of refs) {
    const held = take(ref, x);
    if (held !== undefined) return held;
  }
  return undefined;
}

/** Dragging moves the view, a click chooses; the wheel zooms at the pointer, moves with Shift. */
export function useDrag(state: ExploreState, marks: () => readonly Mark[], take: Take | undefined) {
  const from = useSignal<{ x: number; startX: number; held?: Drag | undefined } | undefined>(
    undefined,
  );
  const under = (event: PointerEvent) => {
    const rect = (event.currentTarget as Element).getBoundingClientRect();
    const x = event.clientX - rect.left;
    return { x, refs: refsAt(marks(), x, event.clientY - rect.top) };
  };
  const heldBy = (event: PointerEvent) => {
    const { x, refs } = under(event);
    return take && taken(take, refs, x);
  };
  return {
    onPointerDown(event: PointerEvent) {
      const held = heldBy(event);
      from.value = { x: event.clientX, startX: event.clientX, held };
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent) {
      const drag = from.value;
      if (drag === undefined) {
        (event.currentTarget as HTMLElement).style.cursor = heldBy(event) ? 'ew-resize' : '';
        return;
      }
      if (drag.held !== undefined) {
        if (Math.abs(event.clientX - drag.startX) <= CLICK_PX) return;
        const rect = (event.currentTarget as Element).getBoundingClientRect();
        drag.held.move(event.clientX - rect.left, event.altKey);
        return;
      }
      state.pan(drag.x - event.clientX);
      from.value = { ...drag, x: event.clientX };
    },
    onPointerUp(event: PointerEvent) {
      const drag = from.value;
      from.value = undefined;
      if (drag === undefined || Math.abs(event.clientX - drag.startX) > CLICK_PX) return;
      const { x, refs } = under(event);
      const ref = refs.next().value as Ref | undefined;
      if (ref === undefined) state.moveTo(Math.round(instantAtX(state.view.value, x)));
      state.choose(ref);
    },
    onWheel(event: WheelEvent) {
      const rect = (event.currentTarget as Element).getBoundingClientRect();
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        state.pan(event.deltaX + (event.shiftKey ? event.deltaY : 0));
      } else if (event.ctrlKey) {
        state.zoom(WHEEL_STEP ** (-event.deltaY * 4), event.clientX - rect.left);
      } else return;
      event.preventDefault();
    },
  };
}

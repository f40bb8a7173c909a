/** Faults are taken hold of in the timeline, whatever their class and however short they are. */
import { describe, expect, it } from 'vitest';
import { addFault } from '../../../src/lab/fault-edits.js';
import type { Scenario } from '../../../src/scenario.js';
import { readScenario } from '../../../src/schema/scenario.js';
import { TraceModel } from '../../../src/timeline/model.js';
import { heightOf, lanesOf } from '../../../src/timeline/picture/lanes.js';
import type { Mark } from '../../../src/timeline/picture/marks.js';
import { pictureOf } from '../../../src/timeline/picture/picture.js';
import * as rest from '../../../src/timeline/picture/rest.js';
import { ExploreState } from '../../../web/src/explore/explore-state.js';
import { refsAt } from '../../../web/src/explore/hit.js';
import { type Take, taken } from '../../../web/src/explore/pointer.js';
import { faultDrag, isByEnd } from '../../../web/src/lab/fault-drag.js';
import { CLASSES, newFault } from '../../../web/src/lab/faults.js';
import type { LabState } from '../../../web/src/lab/lab-state.js';
import { drawn, played } from '../../lab/played.js';

const AT_US = 1_500_000;

/** What a press on each point of the timeline around a fault, and a move, make of the scenario. */
async function draggedAround(scenario: Scenario, isFine = false): Promise<Scenario[]> {
  const state = new ExploreState(new TraceModel((await played(scenario)).trace));
  state.setAxis('time');
  // A pixel is no whole number of milliseconds.
  state.show(AT_US - 500_123, AT_US + 2_499_456);
  const lanes = lanesOf(state.model, 'large');
  const view = state.view.value;
  const measure = (text: string) => text.length * 6;
  const { marks } = pictureOf(state.scene, { view, lanes, measure, rest });
  const made: Scenario[] = [];
  const lab = { plan: { value: { scenario } }, change: (to: Scenario) => made.push(to) };
  const take = faultDrag(lab as unknown as LabState, state);
  for (let x = 0; x < view.width / 2; x += 3) {
    for (let y = 24; y < heightOf(lanes); y += 3)
      taken(take, refsAt(marks, x, y), x)?.move(x + 40, isFine);
  }
  return made;
}

describe.each(CLASSES)('a fault of class %s', (name) => {
  it('moves when it is dragged', async () => {
    const lock = name === 'failover' ? 'set-nx-replicated' : 'set-nx';
    const scenario = { ...drawn(lock), faults: [] };
    const struck = addFault(scenario, newFault(name, scenario, AT_US));
    const moves = await draggedAround(struck);
    const instants = moves.map(({ faults: [fault] }) => ('atUs' in fault!.at ? fault!.at.atUs : 0));
    expect(Math.max(0, ...instants)).toBeGreaterThan(AT_US);
    for (const move of moves)
      expect(readScenario('it', JSON.stringify(move))).toEqual({ scenario: move });
    expect(timesOf(moves).filter((us) => us % 1_000 !== 0)).toEqual([]);
  });
});

it('a fault is dragged to any microsecond while Alt is held', async () => {
  const scenario = { ...drawn('set-nx'), faults: [] };
  const struck = addFault(scenario, newFault('pause', scenario, AT_US));
  const times = timesOf(await draggedAround(struck, true));
  expect(times.filter((us) => !Number.isInteger(us))).toEqual([]);
  expect(times.some((us) => us % 1_000 !== 0)).toBe(true);
});

/** When the faults of scenarios strike, and how long they last. */
function timesOf(scenarios: readonly Scenario[]): number[] {
  return scenarios.flatMap(({ faults: [fault] }) => [
    'atUs' in fault!.at ? fault!.at.atUs : 0,
    ...('durationUs' in fault! ? [fault.durationUs] : []),
  ]);
}

describe('a press', () => {
  it('takes a fault under a line that is drawn over it', () => {
    const marks: readonly Mark[] = [
      { type: 'rect', x: 0, y: 0, width: 100, height: 50, ref: { fault: 0 } },
      {
        type: 'line',
        points: [
          [98, 0],
          [98, 50],
        ],
        stroke: 'violation',
        ref: { row: 7 },
      },
    ];
    const held = { move: () => {} };
    const take: Take = (ref) => ('fault' in ref ? held : undefined);
    expect(taken(take, refsAt(marks, 97, 20), 97)).toBe(held);
    expect([...refsAt(marks, 97, 20)]).toEqual([{ row: 7 }, { fault: 0 }]);
    expect(taken(take, refsAt(marks, 97, 70), 97)).toBeUndefined();
  });

  it('takes the end near the end, and the fault itself elsewhere', () => {
    expect(isByEnd(295, 100, 300)).toBe(true);
    expect(isByEnd(280, 100, 300)).toBe(false);
  });

  it('takes the nearer half of what is too short for both, and never the end of a point', () => {
    expect(isByEnd(101, 100, 104)).toBe(false);
    expect(isByEnd(103, 100, 104)).toBe(true);
    expect(isByEnd(100, 100, 100)).toBe(false);
  });
});

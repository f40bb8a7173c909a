/**
 * What the clock of a host shows: ticks at its own whole seconds, so that drift is seen as ticks
 * that spread or bunch, and a zigzag with a signed label where it was moved.
 */
import { span } from '../../story/words.js';
import type { TraceFile } from '../format.js';
import { localAt } from './drain.js';
import type { Lane } from './lanes.js';
import type { Sheet } from './sheet.js';

type Clock = TraceFile['clocks'][number];

/** Lower lanes have no room for a ruler. */
const LEAST_HEIGHT = 38;
const LEAST_TICK_PX = 18;
const TICK = 4;
/** A clock that was moved by less is not marked. */
const LEAST_JUMP_US = 1_000;

export function drawRuler(sheet: Sheet, lane: Lane): void {
  for (const clock of sheet.scene.model.file.clocks) {
    if (clock.host !== lane.host || clock.clock !== 'wall') continue;
    if (lane.height >= LEAST_HEIGHT) drawTicks(sheet, lane, clock);
    drawJumps(sheet, lane, clock);
  }
}

function drawTicks(sheet: Sheet, { y, height }: Lane, clock: Clock): void {
  const bottom = y + height;
  let lastX = Number.NEGATIVE_INFINITY;
  let shown = Number.NaN;
  const columns = Math.floor(sheet.view.width / 2);
  for (let column = 0; column <= columns; column++) {
    const x = column * 2;
    const atUs = sheet.instantAt(x);
    const second = Math.floor(localAt(clock, atUs) / 1_000_000);
    if (second === shown || x - lastX < LEAST_TICK_PX) continue;
    if (!Number.isNaN(shown)) {
      const points = [
        [x, bottom],
        [x, bottom - TICK],
      ] as const;
      sheet.add({ type: 'line', points, stroke: 'muted', strokeWidth: 1 });
      lastX = x;
    }
    shown = second;
  }
}

function drawJumps(sheet: Sheet, { y, height }: Lane, clock: Clock): void {
  clock.pieces.forEach(([atUs, localUs], index) => {
    const before = localAt({ ...clock, pieces: clock.pieces.slice(0, index) }, atUs);
    const byUs = Math.round(localUs - before);
    const x = sheet.x(atUs);
    if (Math.abs(byUs) < LEAST_JUMP_US || x < 0 || x > sheet.view.width) return;
    const fault = stepOf(sheet, clock.host, atUs);
    const ref = fault < 0 ? undefined : { ref: { fault } };
    const fill = 'violation';
    sheet.add({ type: 'icon', icon: 'zigzag', x, y: y + height - 7, size: 14, fill, ...ref });
    const text = `clock ${byUs > 0 ? '+' : '−'}${span(Math.abs(byUs))}`;
    const fits = x + 12 + sheet.measure(text, 10) < sheet.view.width;
    sheet.add({
      type: 'text',
      x: fits ? x + 10 : x - 10,
      y: y + height - 3,
      text,
      fill: 'violationText',
      size: 10,
      anchor: fits ? 'start' : 'end',
      halo: 'panel',
      ...ref,
    });
  });
}

/** The fault that moved the clock of a host at an instant; −1 if none did. */
function stepOf({ scene }: Sheet, host: number, atUs: number): number {
  return scene.model.file.faults.findIndex(
    (one) => one.class === 'clock-step' && one.fromUs === atUs && one.hosts.includes(host),
  );
}

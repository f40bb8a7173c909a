/**
 * What befell the hosts: pauses, deaths, faults of servers and links. A pause is hatched to the
 * left and grey, a death is dotted; a partition is a wall in the lanes of both sides (walls.ts).
 */
import { span } from '../../story/words.js';
import type { TraceFile } from '../format.js';
import type { Lane } from './lanes.js';
import type { Ref } from './marks.js';
import type { Sheet } from './sheet.js';
import { drawWall } from './walls.js';

export function drawHostStates(sheet: Sheet, lane: Lane): void {
  const { scene, fromUs, untilUs } = sheet;
  const { host, y, height } = lane;
  for (const one of scene.spans('paused', host).within(fromUs, untilUs)) {
    const ref = { row: one.by };
    sheet.bar(one.fromUs, one.untilUs, y, height, { texture: 'paused', ref });
    const text = `paused ${span(one.untilUs - one.fromUs)}`;
    sheet.label(one.fromUs, one.untilUs, y + height - 5, text, 'ink', { ref, plate: 'panel' });
  }
  for (const one of scene.spans('dead', host).within(fromUs, untilUs)) {
    drawDeath(sheet, lane, one, { row: one.by });
  }
  // The history has no record of a server that is down: only the fault says it.
  scene.model.file.faults.forEach((fault, index) => {
    if (fault.class !== 'server-crash' || !fault.hosts.includes(host)) return;
    if (fault.untilUs < fromUs || fault.fromUs > untilUs) return;
    drawDeath(sheet, lane, fault, { fault: index });
  });
}

function drawDeath(
  sheet: Sheet,
  { y, height }: Lane,
  { fromUs, untilUs }: { readonly fromUs: number; readonly untilUs: number },
  ref: Ref,
): void {
  sheet.bar(fromUs, untilUs, y, height, { fill: 'bg', texture: 'dead', ref });
  const x = sheet.x(fromUs);
  sheet.add({
    type: 'line',
    points: [
      [x, y],
      [x, y + height],
    ],
    stroke: 'ink',
    strokeWidth: 2,
    ref,
  });
  sheet.add({ type: 'icon', icon: 'cross', x: x + 8, y: y + 10, size: 12, fill: 'ink', ref });
  sheet.label(fromUs, untilUs, y + height - 5, 'dead', 'ink', { ref, plate: 'bg' });
}

type Fault = TraceFile['faults'][number];

/** Faults that are no state of a host: on the lanes of the hosts that they strike. */
export function drawFaults(sheet: Sheet): void {
  sheet.scene.model.file.faults.forEach((fault, index) => {
    if (fault.untilUs < sheet.fromUs || fault.fromUs > sheet.untilUs) return;
    if (fault.class === 'pause' || fault.class === 'client-crash') return;
    if (fault.class === 'server-crash' || fault.class === 'clock-step') return;
    if (fault.class === 'partition') drawWall(sheet, index);
    else if (fault.untilUs > fault.fromUs) drawBand(sheet, fault, index);
    else drawStrike(sheet, fault, index);
  });
}

function drawBand(sheet: Sheet, fault: Fault, index: number): void {
  const ref = { fault: index };
  for (const host of fault.hosts) {
    const lane = sheet.laneOf(host);
    if (lane === undefined) continue;
    const y = lane.y + lane.height - 4;
    sheet.bar(fault.fromUs, fault.untilUs, y, 4, { texture: 'delayed', stroke: 'neutral', ref });
    sheet.label(fault.fromUs, fault.untilUs, y - 3, wordsOf(fault), 'ink', {
      ref,
      size: 10,
      halo: 'panel',
    });
  }
}

/** What lasts no time: a mark at the top of the lane, with its name. */
function drawStrike(sheet: Sheet, fault: Fault, index: number): void {
  const ref = { fault: index };
  const lane = sheet.laneOf(fault.hosts[0] ?? -1);
  if (lane === undefined) return;
  const x = sheet.x(fault.fromUs);
  sheet.add({ type: 'icon', icon: 'bolt', x, y: lane.y + 9, size: 14, fill: 'violation', ref });
  const text = wordsOf(fault);
  const fits = x + 10 + sheet.measure(text, 10) < sheet.view.width;
  sheet.add({
    type: 'text',
    x: fits ? x + 9 : x - 9,
    y: lane.y + 13,
    text,
    fill: 'violationText',
    size: 10,
    anchor: fits ? 'start' : 'end',
    halo: 'panel',
    ref,
  });
}

/** The time of a delay is when messages leave, and not by how much they are late. */
function wordsOf({ class: fault, fromUs, untilUs }: Fault): string {
  return untilUs > fromUs && fault !== 'delay' ? `${fault} ${span(untilUs - fromUs)}` : fault;
}

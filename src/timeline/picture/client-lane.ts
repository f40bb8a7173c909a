/**
 * A client: waiting, believing, being inside. Belief is filled where it is founded, and hatched
 * where the client counts itself as holder and is not: the stretch in which locks break.
 */
import { span } from '../../story/words.js';
import { drawColumns } from './columns.js';
import type { Lane } from './lanes.js';
import { drawCells } from './quorum.js';
import { MANY, type Sheet } from './sheet.js';

export function drawClient(sheet: Sheet, lane: Lane): void {
  const { scene, fromUs, untilUs } = sheet;
  const { host, y, height } = lane;
  const small = height < 40;
  const belief = { y: y + (small ? 4 : 8), height: small ? 10 : 16 };
  const paint = sheet.paintOf(host);
  const { founded, unfounded } = scene.beliefTracks(host);
  const waits = scene.spans('wait', host);
  const layers = [
    { track: waits, paint: 'neutral' },
    { track: founded, paint },
    { track: unfounded, paint: 'violation' },
  ] as const;
  const count = layers.reduce((sum, { track }) => sum + track.countWithin(fromUs, untilUs), 0);
  if (count > MANY) {
    drawColumns(sheet, belief.y, belief.height, layers);
    const inside = [{ track: scene.spans('section', host), paint: 'ink' }] as const;
    return drawColumns(sheet, belief.y + belief.height + 3, small ? 5 : 8, inside);
  }
  for (const wait of waits.within(fromUs, untilUs)) {
    const ref = { row: wait.by };
    const middle = belief.y + belief.height / 2 - 2;
    sheet.bar(wait.fromUs, wait.untilUs, middle, 4, { stroke: 'neutral', ref });
    if (!small) sheet.label(wait.fromUs, wait.untilUs, middle - 3, 'waits', 'muted', { size: 10 });
    drawCells(sheet, wait, middle + 8);
  }
  for (const one of founded.within(fromUs, untilUs)) {
    sheet.bar(one.fromUs, one.untilUs, belief.y, belief.height, { fill: paint, stroke: paint });
  }
  for (const one of unfounded.within(fromUs, untilUs)) drawUnfounded(sheet, one, belief, paint);
  drawBeliefs(sheet, lane, belief);
  drawSections(sheet, lane, belief.y + belief.height + 3, small ? 5 : 8);
}

function drawUnfounded(
  sheet: Sheet,
  { fromUs, untilUs }: { readonly fromUs: number; readonly untilUs: number },
  belief: { readonly y: number; readonly height: number },
  paint: ReturnType<Sheet['paintOf']>,
): void {
  const { y, height } = belief;
  sheet.bar(fromUs, untilUs, y, height, { fill: 'bg', texture: 'unfounded', stroke: paint });
  const text = `unfounded ${span(untilUs - fromUs)}`;
  sheet.label(fromUs, untilUs, y + height / 2 + 4, text, 'violationText', { halo: 'bg' });
}

/** The outline of each belief, with its letter and fencing token. */
function drawBeliefs(
  sheet: Sheet,
  { host }: Lane,
  { y, height }: { readonly y: number; readonly height: number },
): void {
  const paint = sheet.paintOf(host);
  for (const one of sheet.scene.spans('belief', host).within(sheet.fromUs, sheet.untilUs)) {
    const ref = { row: one.by };
    sheet.bar(one.fromUs, one.untilUs, y, height, { stroke: paint, strokeWidth: 2, ref });
    const founded = sheet.scene
      .beliefTracks(host)
      .founded.within(one.fromUs, one.untilUs)
      .find(({ grant, untilUs }) => grant === one.grant && untilUs > one.fromUs);
    if (founded === undefined) continue;
    const fencingToken = sheet.scene.tokenOf(one.grant);
    const more = fencingToken === undefined ? '' : ` · ${fencingToken}`;
    const text = `${sheet.nameOf(host)} believes${more}`;
    const place = y + height / 2 + 4;
    const short = `${sheet.nameOf(host)}${more}`;
    const { width } = sheet.extent(founded.fromUs, founded.untilUs);
    const fits = sheet.measure(text, 11) <= width - 8;
    sheet.label(founded.fromUs, founded.untilUs, place, fits ? text : short, 'onFill', { ref });
  }
}

/** Being inside, with a notch where an access leaves. */
function drawSections(sheet: Sheet, { host }: Lane, y: number, height: number): void {
  const { scene, fromUs, untilUs } = sheet;
  for (const one of scene.spans('section', host).within(fromUs, untilUs)) {
    const ref = { row: one.by };
    sheet.bar(one.fromUs, one.untilUs, y, height, { fill: 'ink', ref });
    if (height > 6)
      sheet.label(one.fromUs, one.untilUs, y + height - 1, 'inside', 'bg', { size: 8 });
  }
  for (const { row, fromUs: atUs } of scene.steps.get(host)?.within(fromUs, untilUs) ?? []) {
    const x = sheet.x(atUs);
    sheet.add({
      type: 'line',
      points: [
        [x - 2, y + height + 3],
        [x + 2, y - 3],
      ],
      stroke: 'ink',
      strokeWidth: 2,
      ref: { row },
    });
  }
}

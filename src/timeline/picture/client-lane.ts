/**
 * A client: waiting, believing, being inside. Belief is filled where it is founded, and hatched
 * where the client counts itself as holder and is not: the stretch in which locks break.
 */
import { span } from '../../story/words.js';
import type { Stretch } from '../derive/beliefs.js';
import { sure } from '../derive/bounds.js';
import type { Lane } from './lanes.js';
import type { Paint, Ref } from './marks.js';
import type { Sheet } from './sheet.js';

export function drawClient(sheet: Sheet, lane: Lane): void {
  const { scene, fromUs, untilUs } = sheet;
  const { host, y, height } = lane;
  const small = height < 40;
  const belief = { y: y + (small ? 4 : 8), height: small ? 10 : 16 };
  const paint = sheet.paintOf(host);
  const waits = scene.spans('wait', host);
  const inside = { y: belief.y + belief.height + 3, height: small ? 5 : 12 };
  const { founded, unfounded } = scene.beliefTracks(host);
  const layers = [
    { track: waits, paint: 'neutral' },
    ...(sheet.shows('belief')
      ? ([
          { track: founded, paint },
          { track: unfounded, paint: 'violation' },
        ] as const)
      : []),
  ] as const;
  const count = layers.reduce((sum, { track }) => sum + track.countWithin(fromUs, untilUs), 0);
  if (count > sheet.many) {
    sheet.rest?.drawColumns(sheet, belief.y, belief.height, layers);
    const sections = [{ track: scene.spans('section', host), paint: 'ink' }] as const;
    if (sheet.shows('sections')) sheet.rest?.drawColumns(sheet, inside.y, inside.height, sections);
    return;
  }
  for (const wait of waits.within(fromUs, untilUs)) {
    const ref = { row: wait.by };
    const middle = belief.y + belief.height / 2 - 2;
    sheet.bar(wait.fromUs, wait.untilUs, middle, 4, { stroke: 'neutral', ref });
    const look = { size: 10, halo: 'panel' } as const;
    if (!small) sheet.label(wait.fromUs, wait.untilUs, middle - 3, 'waits', 'muted', look);
    sheet.rest?.drawCells(sheet, wait, middle + 8);
  }
  if (sheet.shows('belief')) drawBeliefs(sheet, lane, belief);
  if (sheet.shows('sections')) drawSections(sheet, lane, inside.y, inside.height);
}

interface Place {
  readonly y: number;
  readonly height: number;
}

/** Full where it is founded, hatched where it is not; between them nobody knows. */
function drawBeliefs(sheet: Sheet, { host }: Lane, place: Place): void {
  const { scene, fromUs, untilUs } = sheet;
  const { y, height } = place;
  const paint = sheet.paintOf(host);
  const beliefs = scene.spans('belief', host).within(fromUs, untilUs);
  const { founded, unfounded } = scene.beliefTracks(host);
  if (scene.slackUs > 0) {
    for (const one of beliefs.map(sure)) {
      sheet.bar(one.fromUs, one.untilUs, y, height, { fill: paint, opacity: 0.3 });
    }
  }
  const refOf = (part: Stretch) => {
    const by = beliefs.find(({ grant }) => grant === part.grant)?.by;
    return by === undefined ? undefined : { row: by };
  };
  for (const one of founded.within(fromUs, untilUs)) {
    const ref = refOf(one);
    sheet.bar(one.fromUs, one.untilUs, y, height, { fill: paint, stroke: paint, ref });
  }
  for (const one of unfounded.within(fromUs, untilUs)) {
    drawUnfounded(sheet, one, place, paint, refOf(one));
  }
  for (const one of beliefs) {
    const ref = { row: one.by };
    sheet.span(one, y, height, { stroke: paint, strokeWidth: 2, ref });
    const with_ = founded
      .within(one.fromUs, one.untilUs)
      .find((part) => part.grant === one.grant && part.untilUs > part.fromUs);
    if (with_ === undefined) continue;
    const more = sheet.tokenWords(one.grant);
    const text = `${sheet.nameOf(host)} believes${more}`;
    const { width } = sheet.extent(with_.fromUs, with_.untilUs);
    const fits = sheet.measure(text, 11) <= width - 8;
    const words = fits ? text : `${sheet.nameOf(host)}${more}`;
    sheet.label(with_.fromUs, with_.untilUs, y + height / 2 + 4, words, 'onFill', { ref });
  }
}

function drawUnfounded(
  sheet: Sheet,
  { fromUs, untilUs }: Stretch,
  { y, height }: Place,
  stroke: Paint,
  ref: Ref | undefined,
): void {
  sheet.bar(fromUs, untilUs, y, height, { fill: 'bg', texture: 'unfounded', stroke, ref });
  const least = sheet.scene.slackUs > 0 ? '≥ ' : '';
  const text = `unfounded ${least}${span(untilUs - fromUs)}`;
  sheet.label(fromUs, untilUs, y + height / 2 + 4, text, 'violationText', { ref, plate: 'bg' });
}

/** Being inside, with a notch where an access leaves. */
function drawSections(sheet: Sheet, { host }: Lane, y: number, height: number): void {
  const { scene, fromUs, untilUs } = sheet;
  for (const one of scene.spans('section', host).within(fromUs, untilUs)) {
    const ref = { row: one.by };
    sheet.span(one, y, height, { fill: 'ink', ref });
    const size = 10;
    if (height > size) {
      const known = sure(one);
      sheet.label(known.fromUs, known.untilUs, y + height - 3, 'inside', 'bg', { size, ref });
    }
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

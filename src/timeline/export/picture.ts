/** A whole run as one SVG picture, for those who have no viewer at hand. */
import type { TraceModel } from '../model.js';
import { stepWarp, wholeView } from '../picture/axis.js';
import { lanesOf } from '../picture/lanes.js';
import { PALETTES } from '../picture/paints.js';
import { pictureOf } from '../picture/picture.js';
import * as rest from '../picture/rest.js';
import { Scene } from '../picture/scene.js';
import { svgOf } from './svg.js';

const WIDTH = 1_200;
/** Of a letter, in shares of its height: what draws the text has fonts of its own. */
const LETTER = 0.58;

/** The run on the step scale, light, as wide as a page. */
export function svgOfRun(model: TraceModel): string {
  const lanes = lanesOf(model, 'normal');
  const view = wholeView(stepWarp(model), WIDTH);
  const measure = (text: string, size: number) => text.length * size * LETTER;
  const picture = pictureOf(new Scene(model), { view, lanes, measure, rest });
  return svgOf(picture, lanes, PALETTES.light, model.file.meta.title);
}

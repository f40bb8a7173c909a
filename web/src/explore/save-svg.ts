/** Saves what is on the screen as an SVG file. */
import { svgOf } from '../../../src/timeline/export/svg.js';
import { lanesOf } from '../../../src/timeline/picture/lanes.js';
import { pictureOf } from '../../../src/timeline/picture/picture.js';
import { createMeasure } from '../draw/canvas.js';
import { palette } from '../parts/theme.js';
import type { ExploreState } from './explore-state.js';
import { rest } from './rest.js';

export function saveSvg({ model, scene, view, density, layers }: ExploreState): void {
  const lanes = lanesOf(model, density.value ?? 'normal', layers.value);
  const measure = createMeasure(document.createElement('canvas').getContext('2d')!);
  const picture = pictureOf(scene, {
    view: view.value,
    lanes,
    measure,
    layers: layers.value,
    rest: rest.value,
  });
  const { title, digest } = model.file.meta;
  const text = svgOf(picture, lanes, palette.value, title);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  link.download = `holdfast-${digest}.svg`;
  link.click();
  URL.revokeObjectURL(link.href);
}

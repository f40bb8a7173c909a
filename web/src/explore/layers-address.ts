/** The layers of a picture as part of an address, both ways: `show=truth_belief`. */
import { LAYERS, type Layers } from '../../../src/timeline/picture/layers.js';

/** What is drawn, as an address names it; `undefined` where it is what a page begins with. */
export function layersText(layers: Layers, first: Layers): string | undefined {
  const text = (of: Layers) => LAYERS.filter((layer) => of.has(layer)).join('_');
  return text(layers) === text(first) ? undefined : text(layers);
}

export function layersNamed(parameters: URLSearchParams, first: Layers): Layers {
  const names = parameters.get('show')?.split('_');
  return names === undefined ? first : new Set(LAYERS.filter((layer) => names.includes(layer)));
}

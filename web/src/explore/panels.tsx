/** What is opened beneath the buttons of the timeline: what is drawn, and all keys. */
import { LAYERS } from '../../../src/timeline/picture/layers.js';
import type { ExploreState } from './explore-state.js';
import { KEY_HELP } from './key-help.js';
import { pressed } from './keys.js';
import { Toggle } from './toggle.js';

export function Panels({ state }: { readonly state: ExploreState }) {
  return (
    <>
      {state.showsLayers.value && (
        <fieldset class="layers" aria-label="What is drawn">
          {LAYERS.map((layer) => (
            <Toggle
              key={layer}
              label={wordsOfLayer(layer)}
              on={state.layers.value.has(layer)}
              flip={() => state.flip(layer)}
            />
          ))}
        </fieldset>
      )}
      {state.showsKeys.value && <Keys state={state} />}
    </>
  );
}

/** Every key, and a button that does the same. */
function Keys({ state }: { readonly state: ExploreState }) {
  return (
    <ul class="keys" aria-label="Keys of the timeline">
      {KEY_HELP.map(({ on, keys, does }) => (
        <li key={keys}>
          <button type="button" onClick={() => pressed(state, on[0]!)}>
            <kbd>{keys}</kbd> {does}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** `Fencing tokens`. */
function wordsOfLayer(layer: string): string {
  return layer[0]!.toUpperCase() + layer.slice(1).replace('-', ' ');
}

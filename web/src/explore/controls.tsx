/** Buttons for every move that a key or a drag can make, and the scrubber. */
import { instant } from '../../../src/story/words.js';
import { LAYERS } from '../../../src/timeline/picture/layers.js';
import type { ExploreState } from './explore-state.js';
import { KEY_HELP, pressed } from './keys.js';

interface ButtonProps {
  readonly state: ExploreState;
  readonly press: string;
  readonly label: string;
  readonly text: string;
}

/** A button that does what a key does. */
function KeyButton({ state, press, label, text }: ButtonProps) {
  return (
    <button type="button" title={label} aria-label={label} onClick={() => pressed(state, press)}>
      {text}
    </button>
  );
}

export function Controls({ state }: { readonly state: ExploreState }) {
  const { model, cursorUs } = state;
  return (
    <div class="controls" role="toolbar" aria-label="Timeline">
      <KeyButton state={state} press="Home" label="First event" text="|◂" />
      <KeyButton state={state} press="ArrowLeft" label="Event before" text="◂" />
      <KeyButton state={state} press="ArrowRight" label="Next event" text="▸" />
      <KeyButton state={state} press="End" label="Last event" text="▸|" />
      <input
        type="range"
        min={0}
        max={model.endUs}
        step={1}
        value={cursorUs.value}
        aria-label="Instant"
        aria-valuetext={instant(Math.round(cursorUs.value))}
        onInput={(event) => state.moveTo(Number(event.currentTarget.value))}
      />
      <output>{instant(Math.round(cursorUs.value))}</output>
      <span class="group">
        <KeyButton state={state} press="a" label="Move left" text="←" />
        <KeyButton state={state} press="d" label="Move right" text="→" />
        <KeyButton state={state} press="+" label="Zoom in" text="+" />
        <KeyButton state={state} press="-" label="Zoom out" text="−" />
        <KeyButton state={state} press="0" label="Show the whole run" text="Whole run" />
      </span>
      <span class="group">
        <Toggle
          label="True time"
          on={state.axis.value === 'time'}
          flip={() => pressed(state, 'x')}
          title="True time, or one step for each event"
        />
        <button
          type="button"
          aria-expanded={state.showsLayers.value}
          title="What is drawn"
          onClick={() => pressed(state, 'l')}
        >
          Layers {state.layers.value.size}/{LAYERS.length}
        </button>
        <button
          type="button"
          aria-expanded={state.showsKeys.value}
          onClick={() => pressed(state, '?')}
        >
          Keys
        </button>
      </span>
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
    </div>
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

function Toggle(props: {
  readonly label: string;
  readonly title?: string;
  readonly on: boolean;
  readonly flip: () => void;
}) {
  return (
    <button type="button" aria-pressed={props.on} title={props.title} onClick={props.flip}>
      {props.label}
    </button>
  );
}

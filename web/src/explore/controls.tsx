/** Buttons for every move that a key or a drag can make, and the scrubber. */
import { instant } from '../../../src/story/words.js';
import { LAYERS } from '../../../src/timeline/picture/layers.js';
import { Loaded } from '../parts/loaded.js';
import type { ExploreState } from './explore-state.js';
import { pressed } from './keys.js';
import { Toggle } from './toggle.js';

const panels = async () => (await import('./panels.js')).Panels;

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
      {(state.showsLayers.value || state.showsKeys.value) && (
        <Loaded load={panels} props={{ state }} />
      )}
    </div>
  );
}

/** The keys of the timeline. They work while it has the focus, and every one has a button too. */
import type { ExploreState } from './explore-state.js';

const PAN_PX = 120;
const ZOOM = 1.6;

type Act = (state: ExploreState) => void;

const zoomIn: Act = (state) => state.zoom(ZOOM);
const zoomOut: Act = (state) => state.zoom(1 / ZOOM);

/** What each key does, as `KeyboardEvent.key` says them; what that is in words: key-help.ts. */
const ACTIONS: ReadonlyMap<string, Act> = new Map<string, Act>([
  ['a', (state) => state.pan(-PAN_PX)],
  ['d', (state) => state.pan(PAN_PX)],
  ['w', zoomIn],
  ['+', zoomIn],
  ['=', zoomIn],
  ['s', zoomOut],
  ['-', zoomOut],
  ['0', (state) => state.showAll()],
  ['f', fit],
  ['ArrowRight', (state) => step(state, 1)],
  ['ArrowLeft', (state) => step(state, -1)],
  ['.', (state) => along(state, 1)],
  [',', (state) => along(state, -1)],
  ['Home', (state) => state.chooseRow(0)],
  ['End', last],
  ['[', toCause],
  [']', toEffect],
  ['v', (state) => nextViolation(state, 1)],
  ['V', (state) => nextViolation(state, -1)],
  ['e', toggleExplain],
  ['x', toggleAxis],
  ['m', (state) => state.flip('messages')],
  ['l', toggleLayers],
  ['z', nextDensity],
  ['Escape', (state) => state.choose(undefined)],
  ['?', toggleKeys],
]);

/** Does what a key asks for; whether it asked for anything. */
export function pressed(state: ExploreState, key: string): boolean {
  const act = ACTIONS.get(key);
  act?.(state);
  return act !== undefined;
}

/** In a chain that is explained, arrows walk the chain. */
function step(state: ExploreState, by: 1 | -1): void {
  const chain = state.chain.value;
  if (chain === undefined) return state.chooseRow(state.row + by);
  const at = chain.indexOf(state.row);
  const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), chain.length - 1);
  state.chooseRow(chain[next]!);
}

function along(state: ExploreState, by: 1 | -1): void {
  const { model, row } = state;
  const lane = model.host[Math.max(row, 0)];
  for (let next = row + by; next >= 0 && next < model.rows; next += by) {
    if (model.host[next] === lane) return state.chooseRow(next);
  }
}

function last(state: ExploreState): void {
  state.chooseRow(state.model.rows - 1);
}

function toCause(state: ExploreState): void {
  const cause = state.model.cause[state.row] ?? -1;
  if (cause >= 0) state.chooseRow(cause);
}

function toEffect(state: ExploreState): void {
  const { model, row } = state;
  for (let next = row + 1; next < model.rows; next++) {
    if (model.cause[next] === row) return state.chooseRow(next);
  }
}

function nextViolation(state: ExploreState, by: 1 | -1): void {
  const { violations } = state.model.file;
  if (violations.length === 0) return;
  const ref = state.selection.value;
  const now = ref !== undefined && 'violation' in ref ? ref.violation : by > 0 ? -1 : 0;
  state.choose({ violation: (now + by + violations.length) % violations.length });
}

function toggleExplain(state: ExploreState): void {
  if (state.explained.value !== undefined) return state.explain(undefined);
  const ref = state.selection.value;
  const chosen = ref !== undefined && 'violation' in ref ? ref.violation : 0;
  if (state.model.file.violations.length > 0) state.explain(chosen);
}

function toggleAxis(state: ExploreState): void {
  state.setAxis(state.axis.value === 'time' ? 'step' : 'time');
}

function toggleLayers(state: ExploreState): void {
  state.showsLayers.value = !state.showsLayers.value;
}

function toggleKeys(state: ExploreState): void {
  state.showsKeys.value = !state.showsKeys.value;
}

const DENSITY_ORDER = [undefined, 'compact', 'normal', 'large'] as const;

function nextDensity(state: ExploreState): void {
  const at = DENSITY_ORDER.indexOf(state.density.value);
  state.density.value = DENSITY_ORDER[(at + 1) % DENSITY_ORDER.length];
}

function fit(state: ExploreState): void {
  const { row } = state;
  if (row >= 0) state.frame([row]);
}

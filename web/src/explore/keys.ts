/** The keys of the timeline. They work while it has the focus, and every one has a button too. */
import type { ExploreState } from './explore-state.js';

const PAN_PX = 120;
const ZOOM = 1.6;

export interface KeyHelp {
  /** As `KeyboardEvent.key` says them; each of them does it. */
  readonly on: readonly string[];
  readonly keys: string;
  readonly does: string;
}

/** What each key does, for the page of help and for the handler alike. */
const ACTIONS: readonly (KeyHelp & { readonly act: (state: ExploreState) => void })[] = [
  { on: ['a'], keys: 'a', does: 'move left', act: (state) => state.pan(-PAN_PX) },
  { on: ['d'], keys: 'd', does: 'move right', act: (state) => state.pan(PAN_PX) },
  { on: ['w', '+', '='], keys: 'w or +', does: 'zoom in', act: (state) => state.zoom(ZOOM) },
  { on: ['s', '-'], keys: 's or −', does: 'zoom out', act: (state) => state.zoom(1 / ZOOM) },
  { on: ['0'], keys: '0', does: 'show the whole run', act: (state) => state.showAll() },
  { on: ['f'], keys: 'f', does: 'show what is chosen', act: fit },
  { on: ['ArrowRight'], keys: '→', does: 'next event', act: (state) => step(state, 1) },
  { on: ['ArrowLeft'], keys: '←', does: 'event before', act: (state) => step(state, -1) },
  { on: ['.'], keys: '.', does: 'next event of the same lane', act: (state) => along(state, 1) },
  { on: [','], keys: ',', does: 'event before in the same lane', act: (state) => along(state, -1) },
  { on: ['Home'], keys: 'Home', does: 'first event', act: (state) => state.chooseRow(0) },
  { on: ['End'], keys: 'End', does: 'last event', act: last },
  { on: ['['], keys: '[', does: 'to the cause', act: toCause },
  { on: [']'], keys: ']', does: 'to the effect', act: toEffect },
  { on: ['v'], keys: 'v', does: 'next violation', act: (state) => nextViolation(state, 1) },
  {
    on: ['V'],
    keys: 'Shift v',
    does: 'violation before',
    act: (state) => nextViolation(state, -1),
  },
  { on: ['e'], keys: 'e', does: 'explain the violation, or stop', act: toggleExplain },
  { on: ['x'], keys: 'x', does: 'true time or steps', act: toggleAxis },
  { on: ['m'], keys: 'm', does: 'messages on or off', act: (state) => state.flip('messages') },
  { on: ['l'], keys: 'l', does: 'choose what is drawn', act: toggleLayers },
  { on: ['z'], keys: 'z', does: 'height of the lanes', act: nextDensity },
  { on: ['Escape'], keys: 'Esc', does: 'choose nothing', act: (state) => state.choose(undefined) },
  { on: ['?'], keys: '?', does: 'all keys', act: toggleKeys },
];

export const KEY_HELP: readonly KeyHelp[] = ACTIONS;

/** Does what a key asks for; whether it asked for anything. */
export function pressed(state: ExploreState, key: string): boolean {
  const action = ACTIONS.find(({ on }) => on.includes(key));
  action?.act(state);
  return action !== undefined;
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

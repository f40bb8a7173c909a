/**
 * A view of a run as part of an address, both ways. Rows are named by their host and their number
 * on it, which no other host's events can shift.
 */
import { batch } from '@preact/signals';
import type { TraceModel } from '../../../src/timeline/model.js';
import { ALL_LAYERS } from '../../../src/timeline/picture/layers.js';
import type { Ref } from '../../../src/timeline/picture/marks.js';
import type { ExploreState } from './explore-state.js';
import { layersNamed, layersText } from './layers-address.js';

/** So much of a digest tells one run from another. */
const DIGEST_CHARS = 8;

/** Parameters of the view; `undefined` where it is as it was opened. */
export function parametersOf(state: ExploreState): Record<string, string | undefined> {
  const [fromUs, untilUs] = state.shownUs();
  return {
    t: `${Math.round(state.cursorUs.value)}`,
    z: `${Math.round(fromUs)}_${Math.round(untilUs)}`,
    sel: nameOf(state.model, state.selection.value),
    e: state.explained.value === undefined ? undefined : String(state.explained.value),
    x: state.axis.value === 'time' ? 'time' : undefined,
    show: layersText(state.layers.value, ALL_LAYERS),
    h: state.model.file.meta.digest.slice(0, DIGEST_CHARS),
    v: state.model.file.meta.engine,
  };
}

/** Shows what an address says; what it does not say stays. */
export function show(state: ExploreState, parameters: URLSearchParams): void {
  batch(() => showAll(state, parameters));
}

function showAll(state: ExploreState, parameters: URLSearchParams): void {
  const { model } = state;
  if (parameters.has('show') || parameters.has('t')) {
    state.layers.value = layersNamed(parameters, ALL_LAYERS);
  }
  if (parameters.get('x') === 'time') state.setAxis('time');
  else if (parameters.has('t')) state.setAxis('step');
  const [fromUs, untilUs] = (parameters.get('z') ?? '').split('_').map(Number);
  const isStretch = Number.isFinite(fromUs) && Number.isFinite(untilUs) && fromUs! < untilUs!;
  const explained = Number(parameters.get('e') ?? Number.NaN);
  if (model.file.violations[explained] !== undefined) state.explain(explained);
  else if (parameters.has('t')) state.explained.value = undefined;
  if (isStretch) state.show(fromUs!, untilUs!);
  const atUs = Number(parameters.get('t') ?? Number.NaN);
  if (Number.isFinite(atUs)) state.cursorUs.value = Math.min(Math.max(atUs, 0), model.endUs);
  const ref = refNamed(model, parameters.get('sel') ?? '');
  if (ref !== undefined || parameters.has('t')) state.selection.value = ref;
}

/**
 * What to say if an address was made of another run than this one.
 *
 * @param expected Digest in the replay code, which the address may hold in place of one of its own.
 */
export function otherRun(
  { file }: Pick<TraceModel, 'file'>,
  parameters: URLSearchParams,
  expected: string | undefined,
): string | undefined {
  const { digest, engine } = file.meta;
  const made = parameters.get('h') ?? expected?.slice(0, DIGEST_CHARS);
  if (made === undefined || digest.startsWith(made)) return undefined;
  const maker = parameters.get('v');
  const by = maker === null ? '' : ` (engine ${maker})`;
  return (
    `This address was made for a run with digest ${made}…${by}; here the run has digest ` +
    `${digest.slice(0, DIGEST_CHARS)}… (engine ${engine}). What you see is the run as it is now; ` +
    'the place in it may be another.'
  );
}

/** Names of refs, found once: a long run is counted through for one. */
const names = new WeakMap<Ref, string | undefined>();

/** How an address names what is chosen. */
export function nameOf(model: TraceModel, ref: Ref | undefined): string | undefined {
  if (ref === undefined) return undefined;
  if (!names.has(ref)) names.set(ref, newNameOf(model, ref));
  return names.get(ref);
}

function newNameOf(model: TraceModel, ref: Ref): string | undefined {
  if ('message' in ref) return `message:${ref.message}`;
  if ('fault' in ref) return model.file.faults[ref.fault]?.id;
  if ('violation' in ref) return model.file.violations[ref.violation]?.property;
  const host = model.host[ref.row]!;
  let number = 0;
  for (let row = 0; row < ref.row; row++) if (model.host[row] === host) number++;
  return `${model.hosts[host]?.id ?? 'world'}:${number}`;
}

function refNamed(model: TraceModel, name: string): Ref | undefined {
  const fault = model.file.faults.findIndex(({ id }) => id === name);
  if (fault >= 0) return { fault };
  const violation = model.file.violations.findIndex(({ property }) => property === name);
  if (violation >= 0) return { violation };
  const [id, text] = name.split(':');
  const number = Number(text ?? Number.NaN);
  if (!Number.isInteger(number)) return undefined;
  if (id === 'message')
    return model.messages[number] === undefined ? undefined : { message: number };
  const host = model.hosts.findIndex((one) => one.id === id);
  let seen = -1;
  for (let row = 0; row < model.rows; row++) {
    if (model.host[row] === host && ++seen === number) return { row };
  }
  return undefined;
}

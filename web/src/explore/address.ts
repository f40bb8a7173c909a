/**
 * A view of a run as part of an address, both ways. Rows are named by their host and their number
 * on it, which no other host's events can shift.
 */
import type { TraceModel } from '../../../src/timeline/model.js';
import type { Ref } from '../../../src/timeline/picture/marks.js';
import type { ExploreState } from './explore-state.js';

/** Parameters of the view; `undefined` where it is as it was opened. */
export function parametersOf(state: ExploreState): Record<string, string | undefined> {
  const [fromUs, untilUs] = state.shownUs();
  return {
    t: `${Math.round(state.cursorUs.value)}`,
    z: `${Math.round(fromUs)}_${Math.round(untilUs)}`,
    sel: nameOf(state.model, state.selection.value),
    e: state.explained.value === undefined ? undefined : String(state.explained.value),
    x: state.axis.value === 'time' ? 'time' : undefined,
    h: state.model.file.meta.digest.slice(0, 8),
  };
}

/** Shows what an address says; what it does not say stays. */
export function show(state: ExploreState, parameters: URLSearchParams): void {
  const { model } = state;
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
  if (ref !== undefined) state.selection.value = ref;
}

/** Whether an address was made of another run than this one. */
export function isOfAnotherRun(model: TraceModel, parameters: URLSearchParams): boolean {
  const made = parameters.get('h');
  return made !== null && !model.file.meta.digest.startsWith(made);
}

function nameOf(model: TraceModel, ref: Ref | undefined): string | undefined {
  if (ref === undefined) return undefined;
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

/**
 * The page `#/x`: opens the run that the address names — a replay code, made again here, or the
 * trace that came with the page — and keeps address and view in step.
 */
import { effect, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { TraceModel } from '../../../src/timeline/model.js';
import { addressOf, note, parseRoute, remember, route } from '../state/route.js';
import { openedTrace, openTrace } from '../state/traces.js';
import { nameOf, otherRun, parametersOf, show } from './address.js';
import { Explore } from './explore.js';
import { ExploreState } from './explore-state.js';
import { OpenFile } from './open-file.js';

/** What moves within a view is noted so late after the last move. */
const NOTE_AFTER_MS = 250;

export function RunPage() {
  const state = useSignal<ExploreState | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const warning = useSignal<string | undefined>(undefined);
  const { parameters } = route.value;
  const run = parameters.get('run') ?? undefined;
  useEffect(() => {
    let isWanted = true;
    problem.value = undefined;
    state.value = undefined;
    openTrace(run)
      .then(({ file, expected }) => {
        if (!isWanted) return;
        const model = new TraceModel(file);
        const opened = new ExploreState(model);
        const wanted = route.peek().parameters;
        warning.value = otherRun(model, wanted, expected);
        show(opened, wanted);
        state.value = opened;
      })
      .catch((error: unknown) => {
        if (isWanted) problem.value = error instanceof Error ? error.message : String(error);
      });
    return () => {
      isWanted = false;
    };
  }, [run, openedTrace.value]);
  useAddress(state.value, run);
  useEffect(() => {
    if (state.value !== undefined) focusTimeline();
  }, [state.value]);
  const replay = state.value?.model.file.meta.replay;
  return (
    <main>
      <OpenFile
        fail={(message) => {
          problem.value = message;
        }}
      />
      {problem.value !== undefined && <p role="alert">{problem.value}</p>}
      {warning.value !== undefined && <p role="alert">{warning.value}</p>}
      {state.value !== undefined && (
        <Explore state={state.value}>
          {replay !== undefined && <a href={addressOf('lab', { run: replay })}>Edit in the Lab</a>}
        </Explore>
      )}
    </main>
  );
}

/** The keys work at once, unless somebody is elsewhere already: in a field, at a button. */
function focusTimeline(): void {
  const { activeElement, body } = document;
  const isFree = activeElement === null || activeElement === body;
  if (!isFree && activeElement.closest('header nav') === null) return;
  document.querySelector<HTMLElement>('.canvases')?.focus({ preventScroll: true });
}

/** The address follows the view, and the view follows Back and Forward. */
function useAddress(state: ExploreState | undefined, run: string | undefined): void {
  useEffect(() => {
    if (state === undefined) return;
    return effect(() => {
      const address = addressNow(state, run);
      const timer = setTimeout(() => note(address), NOTE_AFTER_MS);
      return () => clearTimeout(timer);
    });
  }, [state, run]);
  useEffect(() => {
    if (state === undefined) return;
    note(addressNow(state, run));
    return state.selection.subscribe((ref) => {
      const named = parseRoute(location.hash).parameters.get('sel') ?? undefined;
      if (nameOf(state.model, ref) !== named) remember(addressNow(state, run));
    });
  }, [state, run]);
  useEffect(() => {
    if (state !== undefined) show(state, route.value.parameters);
  }, [state, route.value]);
}

function addressNow(state: ExploreState, run: string | undefined): string {
  return addressOf('x', { run, ...parametersOf(state) });
}

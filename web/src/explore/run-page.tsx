/**
 * The page `#/x`: opens the run that the address names — a replay code, made again here, or the
 * trace that came with the page — and keeps address and view in step.
 */
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { TraceModel } from '../../../src/timeline/model.js';
import { addressOf, note, remember, route } from '../state/route.js';
import { openedTrace, openTrace } from '../state/traces.js';
import { isOfAnotherRun, parametersOf, show } from './address.js';
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
    openTrace(run)
      .then((file) => {
        if (!isWanted) return;
        const model = new TraceModel(file);
        const opened = new ExploreState(model);
        const wanted = route.peek().parameters;
        warning.value = isOfAnotherRun(model, wanted) ? otherRun(model, wanted) : undefined;
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
  return (
    <>
      <OpenFile
        fail={(message) => {
          problem.value = message;
        }}
      />
      {problem.value !== undefined && <p role="alert">{problem.value}</p>}
      {warning.value !== undefined && <p role="alert">{warning.value}</p>}
      {state.value !== undefined && <Explore state={state.value} />}
    </>
  );
}

/** The address follows the view, and the view follows Back and Forward. */
function useAddress(state: ExploreState | undefined, run: string | undefined): void {
  useSignalEffect(() => {
    if (state === undefined) return;
    const address = addressOf('x', { run, ...parametersOf(state) });
    const timer = setTimeout(() => note(address), NOTE_AFTER_MS);
    return () => clearTimeout(timer);
  });
  useEffect(() => {
    if (state === undefined) return;
    return state.selection.subscribe((ref) => {
      if (ref !== undefined) remember(addressOf('x', { run, ...parametersOf(state) }));
    });
  }, [state, run]);
  useEffect(() => {
    if (state !== undefined) show(state, route.value.parameters);
  }, [state, route.value]);
}

function otherRun({ file }: TraceModel, parameters: URLSearchParams): string {
  return (
    `This address was made for a run with digest ${parameters.get('h')}…; here it has digest ` +
    `${file.meta.digest.slice(0, 8)}… (engine ${file.meta.engine}). What you see is the run as ` +
    'it is now; the place in it may be another.'
  );
}

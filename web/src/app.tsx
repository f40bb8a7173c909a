/** The frame of every page: title, theme, and the page that the address names. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { TraceFile } from '../../src/timeline/format.js';
import { TraceModel } from '../../src/timeline/model.js';
import { Explore } from './explore/explore.js';
import { ExploreState } from './explore/explore-state.js';
import { chosenTheme, theme } from './parts/theme.js';

export function App() {
  const state = useSignal<ExploreState | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  useEffect(() => {
    open()
      .then((file) => {
        state.value = new ExploreState(new TraceModel(file));
      })
      .catch((error: unknown) => {
        problem.value = error instanceof Error ? error.message : String(error);
      });
  }, [state, problem]);
  const model = state.value?.model;
  return (
    <>
      <header>
        <h1>Holdfast</h1>
        {model !== undefined && (
          <p class="title">
            {model.file.meta.title} <span class="badge">simulated</span>
          </p>
        )}
        <button
          type="button"
          aria-label="Dark theme"
          aria-pressed={theme.value === 'dark'}
          onClick={() => {
            chosenTheme.value = theme.value === 'dark' ? 'light' : 'dark';
          }}
        >
          {theme.value === 'dark' ? 'Light' : 'Dark'}
        </button>
      </header>
      {problem.value !== undefined && <p role="alert">{problem.value}</p>}
      {state.value !== undefined && <Explore state={state.value} />}
    </>
  );
}

async function open(): Promise<TraceFile> {
  const inlined = document.getElementById('trace')?.textContent;
  if (inlined) return JSON.parse(inlined) as TraceFile;
  const answer = await fetch('./trace.json');
  return (await answer.json()) as TraceFile;
}

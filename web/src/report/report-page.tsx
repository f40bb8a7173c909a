/** A report: what was checked, what held, and each run that broke something, to be explored. */
import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { TraceModel } from '../../../src/timeline/model.js';
import type { ReportDocument, ReportedLock } from '../../../src/timeline/report-document.js';
import { Explore } from '../explore/explore.js';
import { ExploreState } from '../explore/explore-state.js';
import { LockList } from './lock-list.js';
import './report.css';
import { Summary } from './summary.js';

/** Which lock and which of its runs, as the address says: `#/set-nx/2`. */
const place = signal(placeIn(location.hash));
addEventListener('hashchange', () => {
  place.value = placeIn(location.hash);
});

function placeIn(hash: string): readonly string[] {
  return hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
}

export function ReportPage({ locks }: ReportDocument) {
  const [name, run = '1'] = place.value;
  const shown = locks.find(({ lock }) => lock.algorithm === name) ?? locks[0]!;
  const { lock } = shown;
  useEffect(() => {
    document.title = `Holdfast: ${lock.algorithm}`;
  }, [lock]);
  return (
    <>
      <header>
        <h1>Holdfast</h1>
        <p class="title">
          <b>{lock.algorithm}</b> seed {lock.seed} <code>{lock.digest}</code>
        </p>
      </header>
      <main>
        {locks.length > 1 && <LockList locks={locks} shown={shown} />}
        <Summary lock={lock} />
        <Runs key={lock.algorithm} shown={shown} number={Number(run)} />
      </main>
    </>
  );
}

function Runs({ shown, number }: { readonly shown: ReportedLock; readonly number: number }) {
  const { lock, runs } = shown;
  const run = runs[number - 1] ?? runs[0];
  const state = useMemo(
    () => (run === undefined ? undefined : new ExploreState(new TraceModel(run.trace))),
    [run],
  );
  return (
    <>
      {runs.length > 1 && (
        <section aria-label="Runs">
          <fieldset class="choice">
            <legend>Smallest run that breaks</legend>
            {runs.map((one, index) => (
              <label key={one.trace.meta.replay}>
                <input
                  type="radio"
                  name="run"
                  checked={one === run}
                  onChange={() => {
                    location.hash = `#/${encodeURIComponent(lock.algorithm)}/${index + 1}`;
                  }}
                />{' '}
                {one.property}
              </label>
            ))}
          </fieldset>
        </section>
      )}
      {run !== undefined && state !== undefined && (
        <Explore key={run.trace.meta.replay} state={state}>
          <details>
            <summary>Open this run in the viewer, and edit it</summary>
            <code class="command">npx holdfast view {run.trace.meta.replay}</code>
          </details>
        </Explore>
      )}
    </>
  );
}

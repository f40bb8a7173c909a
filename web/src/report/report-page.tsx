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

/** Which lock and which of its runs, as the address says: `#/set-nx/leak`. */
const place = signal(placeIn(location.hash));
addEventListener('hashchange', () => {
  place.value = placeIn(location.hash);
});

function placeIn(hash: string): readonly string[] {
  return hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
}

export function ReportPage({ locks }: ReportDocument) {
  const [name, property] = place.value;
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
        <Runs key={lock.algorithm} shown={shown} property={property} />
      </main>
    </>
  );
}

function Runs(props: { readonly shown: ReportedLock; readonly property: string | undefined }) {
  const { lock, runs } = props.shown;
  const run = runs.find(({ property }) => property === props.property) ?? runs[0];
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
            {runs.map(({ property }) => (
              <label key={property}>
                <input
                  type="radio"
                  name="run"
                  checked={property === run?.property}
                  onChange={() => {
                    location.hash = `#/${encodeURIComponent(lock.algorithm)}/${property}`;
                  }}
                />{' '}
                {property}
              </label>
            ))}
          </fieldset>
        </section>
      )}
      {run !== undefined && state !== undefined && (
        <Explore key={run.property} state={state}>
          <details>
            <summary>Open it again</summary>
            <code class="command">npx holdfast view {run.trace.meta.replay}</code>
          </details>
        </Explore>
      )}
    </>
  );
}

/** A report: what was checked, what held, and each run that broke something, to be explored. */
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { LockReport, PropertyReport } from '../../../src/report.js';
import { plural } from '../../../src/story/words.js';
import { TraceModel } from '../../../src/timeline/model.js';
import type { ReportDocument } from '../../../src/timeline/report-document.js';
import { Explore } from '../explore/explore.js';
import { ExploreState } from '../explore/explore-state.js';
import './report.css';

export function ReportPage({ lock, runs }: ReportDocument) {
  const chosen = useSignal(0);
  useEffect(() => {
    document.title = `Holdfast: ${lock.algorithm}`;
  }, [lock]);
  const run = runs[chosen.value];
  const replay = run?.trace.meta.replay;
  const state = useMemo(
    () => (run === undefined ? undefined : new ExploreState(new TraceModel(run.trace))),
    [run],
  );
  return (
    <>
      <header>
        <h1>Holdfast</h1>
        <p class="title">
          <b>{lock.algorithm}</b> seed {lock.seed} <code>{lock.digest}</code>
        </p>
      </header>
      <main>
        <Summary lock={lock} />
        {runs.length > 1 && (
          <section aria-label="Runs">
            <fieldset class="choice">
              <legend>Smallest run that breaks</legend>
              {runs.map(({ property }, index) => (
                <label key={property}>
                  <input
                    type="radio"
                    name="run"
                    checked={index === chosen.value}
                    onChange={() => {
                      chosen.value = index;
                    }}
                  />{' '}
                  {property}
                </label>
              ))}
            </fieldset>
          </section>
        )}
        {replay !== undefined && (
          <details>
            <summary>Open this run in the viewer, and edit it</summary>
            <code class="command">npx holdfast view {replay}</code>
          </details>
        )}
        {state !== undefined && <Explore key={chosen.value} state={state} isAlone />}
      </main>
    </>
  );
}

function Summary({ lock }: { readonly lock: LockReport }) {
  const { configuration, runs, properties, verdict } = lock;
  return (
    <section class="summary" aria-label="Verdicts">
      <p>
        <b>{verdict}</b>: {runs} runs of {configuration.workload} under{' '}
        {configuration.faultClasses.join(', ')}; {plural(configuration.servers.length, 'server')},
        TTL {configuration.ttlMs} ms, {configuration.clients} clients
      </p>
      <ul>
        {properties.map((property) => (
          <li key={property.property}>
            <span aria-hidden="true">{signOf(property)}</span> {property.property}:{' '}
            {wordsOf(property)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function signOf({ verdict, expected }: PropertyReport): string {
  if (verdict === 'invalid') return expected === true ? '!' : '✗';
  return verdict === 'valid' ? '✓' : verdict === 'unknown' ? '?' : '–';
}

function wordsOf({ verdict, class: found, expected, reason }: PropertyReport): string {
  const what = found === undefined ? verdict : `${verdict}, ${found}`;
  const claimed = expected === true ? ', as claimed' : '';
  return `${what}${claimed}${reason === undefined ? '' : `: ${reason}`}`;
}

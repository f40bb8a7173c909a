/** Beside the timeline: who holds and believes what at the cursor, and the event that is chosen. */
import { instant } from '../../../src/story/words.js';
import type { Bounds, ModelSpan } from '../../../src/timeline/model.js';
import { wordsOf } from '../../../src/timeline/words.js';
import { Shape } from '../parts/shape.js';
import type { ExploreState } from './explore-state.js';
import { nowOf } from './now.js';
import { rest } from './rest.js';

export function SidePanel({ state }: { readonly state: ExploreState }) {
  return (
    <aside class="side">
      <Violations state={state} />
      <Now state={state} />
      <Chosen state={state} />
    </aside>
  );
}

interface NowProps {
  readonly state: ExploreState;
  /** What tells it from another one on the page. */
  readonly label?: string;
}

export function Now({ state, label = 'At the cursor' }: NowProps) {
  const { world, model, scene } = state;
  const { hosts, inFlight, holders } = world.value;
  const names = holders.map((host) => model.hosts[host]?.id ?? '');
  return (
    <section aria-label={label}>
      <h2>At {instant(Math.round(state.cursorUs.value))}</h2>
      <p>
        {heldBy(
          names,
          hosts.some(({ held }) => held !== undefined),
        )}{' '}
        {inFlight === 0 ? '' : `${inFlight} ${inFlight === 1 ? 'message' : 'messages'} under way.`}
      </p>
      <dl>
        {hosts.map((one) => {
          const host = model.hosts[one.host]!;
          const words = nowOf(scene, one, world.value.atUs, rest.value);
          if (words === '') return null;
          return (
            <div key={host.id}>
              <dt>
                {host.kind === 'client' && <Shape client={scene.clientNumber(one.host)} />}
                {host.id}
              </dt>
              <dd>
                {words}
                <Between held={one.held} />
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

/** Of a hold that is known within bounds: between which instants it began and ended. */
function Between({ held }: { readonly held: ModelSpan | undefined }) {
  if (held?.bounds === undefined) return null;
  const { fromUs, untilUs } = held.bounds;
  return (
    <span class="muted">
      {' '}
      (its hold begins {between(fromUs)}, and ends {between(untilUs)})
    </span>
  );
}

/** `between 1.000 s and 1.0012 s`. */
function between([earliestUs, latestUs]: Bounds): string {
  if (earliestUs === latestUs) return `at ${instant(earliestUs)}`;
  return `between ${instant(earliestUs)} and ${instant(latestUs)}`;
}

function heldBy(holders: readonly string[], mayBe: boolean): string {
  if (holders.length === 0) return mayBe ? 'Perhaps the lock is held.' : 'Nobody holds the lock.';
  return `${holders.join(' and ')} ${holders.length > 1 ? 'hold' : 'holds'} the lock.`;
}

function Chosen({ state }: { readonly state: ExploreState }) {
  const { model } = state;
  const ref = state.selection.value;
  if (ref === undefined) return null;
  if ('message' in ref) return <ChosenMessage state={state} index={ref.message} />;
  if ('fault' in ref) return <ChosenFault state={state} index={ref.fault} />;
  if (!('row' in ref)) return null;
  const { row } = ref;
  const cause = model.cause[row]!;
  const place = model.place(row);
  const bounds = model.boundsOf(row);
  return (
    <section aria-label="Chosen event">
      <h2>
        Event {row + 1} of {model.rows}
      </h2>
      <p>
        <b>{model.hosts[model.host[row]!]?.id ?? 'world'}</b> {wordsOf(model, row)}
      </p>
      {bounds !== undefined && <p class="muted">it happened {between(bounds)}</p>}
      {place !== undefined && (
        <p class="place">
          <code>{place}</code>
        </p>
      )}
      {cause >= 0 && (
        <p>
          cause:{' '}
          <button type="button" class="link" onClick={() => state.chooseRow(cause)}>
            {model.hosts[model.host[cause]!]?.id} {wordsOf(model, cause)}
          </button>
        </p>
      )}
      <details>
        <summary>All fields</summary>
        <pre>{JSON.stringify(model.record(row), undefined, 1)}</pre>
      </details>
    </section>
  );
}

function ChosenMessage({ state, index }: { readonly state: ExploreState; readonly index: number }) {
  const { model } = state;
  const message = model.messages[index]!;
  const { from, to, text, fate, sentAtUs, endedAtUs, dueUs, place } = message;
  const late = endedAtUs - dueUs;
  return (
    <section aria-label="Chosen message">
      <h2>
        {model.hosts[from]?.id} → {model.hosts[to]?.id}
      </h2>
      <p>
        {fate}
        {late > 0 && late < Infinity ? `, ${instant(late)} late` : ''}: sent at {instant(sentAtUs)}
        {endedAtUs < Infinity ? `, ended at ${instant(endedAtUs)}` : ''}
      </p>
      <pre>{text}</pre>
      {place !== undefined && (
        <p class="place">
          <code>{place}</code>
        </p>
      )}
    </section>
  );
}

function ChosenFault({ state, index }: { readonly state: ExploreState; readonly index: number }) {
  const { model } = state;
  const fault = model.file.faults[index]!;
  return (
    <section aria-label="Chosen fault">
      <h2>{fault.class}</h2>
      <p>
        of {fault.hosts.map((host) => model.hosts[host]?.id).join(' and ')}, from{' '}
        {instant(fault.fromUs)} to {instant(fault.untilUs)}
        {fault.touched ? '' : '; it met nobody'}
      </p>
    </section>
  );
}

/** What broke, and why: the report's words, and the chain that leads there. */
function Violations({ state }: { readonly state: ExploreState }) {
  const { model } = state;
  const { violations } = model.file;
  if (violations.length === 0) return <p class="fine">No property is broken in this run.</p>;
  return (
    <section aria-label="Violations">
      {violations.map(({ property, class: found, why }, index) => {
        const explained = state.explained.value === index;
        return (
          <div key={property} class="violation">
            <h2>
              <button type="button" class="link" onClick={() => state.choose({ violation: index })}>
                {property}
                {found === undefined ? '' : `: ${found}`}
              </button>
            </h2>
            <button
              type="button"
              aria-pressed={explained}
              onClick={() => state.explain(explained ? undefined : index)}
            >
              Explain
            </button>
            {explained && (
              <>
                <p>{why}</p>
                <Chain state={state} />
              </>
            )}
          </div>
        );
      })}
    </section>
  );
}

function Chain({ state }: { readonly state: ExploreState }) {
  const { model, chain } = state;
  return (
    <ol class="chain">
      {(chain.value ?? []).map((row) => (
        <li key={row} aria-current={state.row === row ? 'step' : undefined}>
          <button type="button" class="link" onClick={() => state.chooseRow(row)}>
            {instant(model.atUs[row]!)} {model.hosts[model.host[row]!]?.id ?? ''}{' '}
            {wordsOf(model, row)}
          </button>
        </li>
      ))}
    </ol>
  );
}

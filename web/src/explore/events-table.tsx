/**
 * The events as a table: the full equivalent of the picture. Only the rows that can be seen are in
 * the page; the choice, the cursor and the search are those of the timeline.
 */
import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { instant } from '../../../src/story/words.js';
import { wordsOf } from '../../../src/timeline/words.js';
import { useLatest } from '../parts/use-latest.js';
import type { ExploreState } from './explore-state.js';
import { matches } from './search.js';

const ROW_PX = 24;
const VISIBLE = 12;
const SPARE = 6;

export function EventsTable({ state }: { readonly state: ExploreState }) {
  const top = useSignal(0);
  const box = useRef<HTMLDivElement>(null);
  const latest = useLatest(state);
  const rows = useComputed(() => matches(latest.value.model, latest.value.query.value));
  const chosen = state.row;
  useEffect(() => {
    const element = box.current;
    const at = rows.value.indexOf(chosen);
    if (element === null || at < 0) return;
    const y = at * ROW_PX;
    const isSeen = y >= element.scrollTop && y + ROW_PX <= element.scrollTop + element.clientHeight;
    if (!isSeen) element.scrollTop = Math.max(0, y - element.clientHeight / 2);
  }, [chosen, rows.value]);
  const first = Math.max(0, Math.floor(top.value / ROW_PX) - SPARE);
  const shown = rows.value.slice(first, first + VISIBLE + 2 * SPARE);
  return (
    <section class="events" aria-label="Events">
      <Search state={state} count={rows.value.length} />
      <div
        ref={box}
        class="rows"
        onScroll={(event) => {
          top.value = event.currentTarget.scrollTop;
        }}
      >
        <div style={{ height: `${(rows.value.length + 1) * ROW_PX}px` }}>
          <table
            aria-rowcount={rows.value.length + 1}
            style={{ transform: `translateY(${first * ROW_PX}px)` }}
          >
            <thead>
              <tr aria-rowindex={1}>
                <th scope="col">Time</th>
                <th scope="col">Where</th>
                <th scope="col">What</th>
                <th scope="col">Breaks</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row, index) => (
                <Row key={row} state={state} row={row} at={first + index} chosen={row === chosen} />
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  );
}

function Row(props: {
  readonly state: ExploreState;
  readonly row: number;
  readonly at: number;
  readonly chosen: boolean;
}) {
  const { state, row, at, chosen } = props;
  const { model } = state;
  const broken = model.file.violations.filter(({ witness }) => witness.includes(row));
  return (
    <tr aria-rowindex={at + 2} aria-selected={chosen} class={broken.length > 0 ? 'broken' : ''}>
      <td>{instant(model.atUs[row]!)}</td>
      <td>{model.hosts[model.host[row]!]?.id ?? ''}</td>
      <td>
        <button type="button" class="link" onClick={() => state.chooseRow(row)}>
          {wordsOf(model, row)}
        </button>
      </td>
      <td>{broken.map(({ property }) => property).join(', ')}</td>
    </tr>
  );
}

function Search({ state, count }: { readonly state: ExploreState; readonly count: number }) {
  return (
    <p class="search">
      <label>
        Search{' '}
        <input
          id="search"
          type="search"
          placeholder="words, host:A, type:lease, refused after paused"
          value={state.query.value}
          onInput={(event) => {
            state.query.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            next(state, event.shiftKey ? -1 : 1);
          }}
        />
      </label>{' '}
      <span role="status">{count === state.model.rows ? '' : `${count} events`}</span>
    </p>
  );
}

/** Goes through what was found. */
function next(state: ExploreState, by: 1 | -1): void {
  const found = matches(state.model, state.query.value);
  if (found.length === 0) return;
  const row = state.row;
  const later = by > 0 ? found.find((one) => one > row) : found.findLast((one) => one < row);
  state.chooseRow(later ?? (by > 0 ? found[0]! : found.at(-1)!));
}

/**
 * The events as a table: the full equivalent of the picture. Only the rows that can be seen are in
 * the page; the choice, the cursor and the search are those of the timeline.
 */
import { useComputed, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { instant, plural } from '../../../src/story/words.js';
import { wordsOf } from '../../../src/timeline/words.js';
import { useLatest } from '../parts/use-latest.js';
import type { ExploreState } from './explore-state.js';
import { matches, placeIn, unknownIn } from './search.js';

const ROW_PX = 24;
const VISIBLE = 12;
const SPARE = 6;

export function EventsTable({ state }: { readonly state: ExploreState }) {
  const top = useSignal(0);
  const box = useRef<HTMLDivElement>(null);
  /** The row that takes the focus as soon as it is chosen and in the page. */
  const wanted = useRef<number | undefined>(undefined);
  const latest = useLatest(state);
  const rows = useComputed(() => matches(latest.value.model, latest.value.query.value));
  const chosen = state.row;
  const at = placeIn(rows.value, chosen);
  useSeen(box, { at, chosen, rows: rows.value }, wanted);
  const move = (event: KeyboardEvent) => {
    const to = target(event.key, at, rows.value.length);
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    wanted.current = rows.value[to]!;
    state.chooseRow(wanted.current);
  };
  const first = Math.max(0, Math.floor(top.value / ROW_PX) - SPARE);
  const shown = Array.from(rows.value.slice(first, first + VISIBLE + 2 * SPARE));
  const stop = shown.includes(chosen) ? chosen : shown[0];
  return (
    <section class="events" aria-label="Events">
      <Search state={state} rows={rows.value} />
      <div
        ref={box}
        class="rows"
        onScroll={(event) => {
          top.value = event.currentTarget.scrollTop;
        }}
      >
        <div
          style={{
            height: `${(rows.value.length + 1) * ROW_PX}px`,
            // Not a transform: the head of a table that is moved by one does not stay on top.
            paddingTop: `${first * ROW_PX}px`,
          }}
        >
          <table
            aria-label="Events: arrow keys go from row to row"
            aria-rowcount={rows.value.length + 1}
          >
            <Head />
            <tbody>
              {shown.map((row, index) => (
                <Row
                  key={row}
                  state={state}
                  row={row}
                  at={first + index}
                  chosen={row === chosen}
                  isStop={row === stop}
                  move={move}
                />
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  );
}

/** Keeps the chosen row in sight, and gives it the focus where a key has led to it. */
function useSeen(
  box: RefObject<HTMLDivElement>,
  { at, chosen, rows }: { at: number; chosen: number; rows: ArrayLike<number> },
  wanted: { current: number | undefined },
): void {
  useEffect(() => {
    const element = box.current;
    if (element === null || at < 0) return;
    const y = at * ROW_PX;
    const room = element.clientHeight - ROW_PX;
    const isSeen = y >= element.scrollTop && y + ROW_PX <= element.scrollTop + room;
    if (!isSeen) element.scrollTop = Math.max(0, y - room / 2);
  }, [at, rows]);
  useEffect(() => {
    // What is left of an earlier drawing may run behind a key: it knows another row as chosen.
    if (wanted.current !== chosen) return;
    const button = box.current?.querySelector<HTMLElement>('[aria-current] button');
    if (button === null || button === undefined) return;
    wanted.current = undefined;
    button.focus({ preventScroll: true });
  });
}

function Head() {
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col">Time</th>
        <th scope="col">Where</th>
        <th scope="col">What</th>
        <th scope="col">Breaks</th>
      </tr>
    </thead>
  );
}

/** Where a key leads among so many rows; `undefined` if it leads nowhere. */
function target(key: string, at: number, count: number): number | undefined {
  const to = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + VISIBLE - 1,
    PageUp: at - VISIBLE + 1,
    Home: 0,
    End: count - 1,
  }[key];
  if (to === undefined || count === 0) return undefined;
  return Math.min(Math.max(to, 0), count - 1);
}

function Row(props: {
  readonly state: ExploreState;
  readonly row: number;
  readonly at: number;
  readonly chosen: boolean;
  /** Whether Tab stops here: at one row of them all. */
  readonly isStop: boolean;
  readonly move: (event: KeyboardEvent) => void;
}) {
  const { state, row, at, chosen, isStop, move } = props;
  const { model } = state;
  const broken = model.file.violations.filter(({ witness }) => witness.includes(row));
  return (
    <tr
      aria-rowindex={at + 2}
      aria-current={chosen ? 'true' : undefined}
      class={broken.length > 0 ? 'broken' : ''}
    >
      <td>{instant(model.atUs[row]!)}</td>
      <td>{model.hosts[model.host[row]!]?.id ?? ''}</td>
      <td>
        <button
          type="button"
          class="link"
          tabIndex={isStop ? 0 : -1}
          onKeyDown={move}
          onClick={() => state.chooseRow(row)}
        >
          {wordsOf(model, row)}
        </button>
      </td>
      <td>{broken.map(({ property }) => property).join(', ')}</td>
    </tr>
  );
}

interface SearchProps {
  readonly state: ExploreState;
  readonly rows: Uint32Array;
}

function Search({ state, rows }: SearchProps) {
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
            next(state, rows, event.shiftKey ? -1 : 1);
          }}
        />
      </label>{' '}
      <span role="status">
        {rows.length === state.model.rows
          ? ''
          : rows.length > 0
            ? plural(rows.length, 'event')
            : (unknownIn(state.model, state.query.value) ?? '0 events')}
      </span>
    </p>
  );
}

/** Goes through what was found. */
function next(state: ExploreState, found: Uint32Array, by: 1 | -1): void {
  if (found.length === 0) return;
  const row = state.row;
  const later = by > 0 ? found.find((one) => one > row) : found.findLast((one) => one < row);
  state.chooseRow(later ?? (by > 0 ? found[0]! : found.at(-1)!));
}

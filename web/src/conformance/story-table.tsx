/** Stories by server: filters and order from the address, a row for each story. */

import { plural } from '../../../src/story/words.js';
import type { StoryReport } from '../../../src/timeline/conformance/document.js';
import { OUTCOME_WORDS, tallyOf } from '../../../src/timeline/conformance/words.js';
import { addressOf, go, route } from '../state/route.js';
import { marksFor } from './scale.js';
import { SpreadScale } from './spread-bar.js';
import {
  type Choice,
  type Column,
  choiceOf,
  chosen,
  columnsOf,
  isAbout,
  named,
  ORDERS,
  type Order,
  OUTCOMES,
  parametersOf,
} from './stories.js';
import { SIGNS, StoryRow } from './story-row.js';

const ORDER_WORDS: Readonly<Record<Order, string>> = {
  document: 'as in the file',
  scenario: 'scenario',
  lock: 'lock',
  outcome: 'outcome, confirmed last',
  late: 'lateness, the latest first',
  attempts: 'attempts, most first',
};

/** The column that an order is about. */
const SORTED: Readonly<Partial<Record<Order, string>>> = {
  scenario: 'Scenario',
  late: 'Late by',
  attempts: 'Attempts',
};

export function StoryTable({ stories }: { readonly stories: readonly StoryReport[] }) {
  const choice = choiceOf(route.value.parameters);
  const columns = columnsOf(stories);
  const rows = chosen(named(stories), choice);
  const choose = (more: Partial<Choice>) => {
    go(addressOf('conformance', parametersOf({ ...choice, ...more })));
  };
  const shownColumns = columns.filter(
    ({ service }) => choice.server === undefined || service === choice.server,
  );
  const marks = marksFor(stories);
  return (
    <>
      <Counts stories={stories} />
      <Filters stories={stories} columns={columns} choice={choice} choose={choose} />
      <p role="status">
        {rows.length === stories.length
          ? `All ${plural(rows.length, 'story', 'stories')}.`
          : `${rows.length} of ${plural(stories.length, 'story', 'stories')}.`}
      </p>
      {rows.length > 0 && (
        <section class="scroll stories" tabIndex={0} aria-label="Stories">
          <table>
            <Head columns={shownColumns} marks={marks} order={choice.order} />
            {rows.map(({ name, story }) => (
              <StoryRow
                key={name}
                name={name}
                story={story}
                columns={shownColumns}
                marks={marks}
                isOpen={name === choice.opened}
                toggle={() => choose({ opened: name === choice.opened ? undefined : name })}
              />
            ))}
          </table>
        </section>
      )}
    </>
  );
}

function Counts({ stories }: { readonly stories: readonly StoryReport[] }) {
  const { playable, confirmed, confirmedPercent } = tallyOf(stories);
  return (
    <p class="counts">
      <span>
        <b>{stories.length}</b> stories
      </span>
      <span>
        <b>{playable}</b> can be played here
      </span>
      <span>
        <b>{confirmed}</b> of them confirmed, {confirmedPercent} %
      </span>
    </p>
  );
}

interface FiltersProps {
  readonly stories: readonly StoryReport[];
  readonly columns: readonly Column[];
  readonly choice: Choice;
  readonly choose: (more: Partial<Choice>) => void;
}

function Filters({ stories, columns, choice, choose }: FiltersProps) {
  const services = columns.map(({ service, title }) => ({
    value: service,
    words: title,
    count: stories.filter((story) => isAbout(story, service)).length,
  }));
  const outcomes = OUTCOMES.map((value) => ({
    value,
    words: `${SIGNS[value]} ${OUTCOME_WORDS[value]}`,
    count: stories.filter(({ outcome }) => outcome === value).length,
  }));
  return (
    <div class="filters">
      <Toggles
        label="Server"
        options={services}
        value={choice.server}
        choose={(server) => choose({ server })}
      />
      <Toggles
        label="Outcome"
        options={outcomes}
        value={choice.outcome}
        choose={(outcome) => choose({ outcome })}
      />
      <label>
        Sort by{' '}
        <select
          value={choice.order}
          onChange={({ currentTarget }) => choose({ order: currentTarget.value as Order })}
        >
          {ORDERS.map((order) => (
            <option key={order} value={order}>
              {ORDER_WORDS[order]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

interface TogglesProps {
  readonly label: string;
  readonly options: readonly {
    readonly value: string;
    readonly words: string;
    readonly count: number;
  }[];
  readonly value: string | undefined;
  readonly choose: (value: string | undefined) => void;
}

/** One of several, or all of them; what is pressed is let go by pressing it again. */
function Toggles({ label, options, value, choose }: TogglesProps) {
  return (
    <fieldset class="toggles">
      <legend>{label}</legend>
      <button type="button" aria-pressed={value === undefined} onClick={() => choose(undefined)}>
        all
      </button>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={value === option.value}
          onClick={() => choose(value === option.value ? undefined : option.value)}
        >
          {option.words} {option.count}
        </button>
      ))}
    </fieldset>
  );
}

interface HeadProps {
  readonly columns: readonly Column[];
  readonly marks: readonly number[];
  readonly order: Order;
}

function Head({ columns, marks, order }: HeadProps) {
  const sortOf = (name: string) =>
    SORTED[order] !== name ? undefined : order === 'scenario' ? 'ascending' : 'descending';
  return (
    <thead>
      <tr>
        <th scope="col" aria-sort={sortOf('Scenario')}>
          Scenario
        </th>
        {columns.map(({ service, title, versions }) => (
          <th key={service} scope="col">
            {title} <span class="fine">{versions.join(', ')}</span>
          </th>
        ))}
        <th scope="col" aria-sort={sortOf('Late by')}>
          Late by
          <SpreadScale marks={marks} />
        </th>
        <th scope="col" aria-sort={sortOf('Attempts')}>
          Attempts
        </th>
        <th scope="col">See it</th>
      </tr>
    </thead>
  );
}

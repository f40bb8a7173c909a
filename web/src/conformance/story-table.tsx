/** Stories by server: filters and order from the address, a row for each story. */
import { plural } from '../../../src/story/words.js';
import type { StoryReport } from '../../../src/timeline/conformance/document.js';
import { tallyOf } from '../../../src/timeline/conformance/words.js';
import { addressOf, go, route } from '../state/route.js';
import { Filters } from './filters.js';
import { marksFor } from './scale.js';
import { SpreadScale } from './spread-bar.js';
import {
  type Choice,
  type Column,
  choiceOf,
  chosen,
  columnsOf,
  named,
  type Order,
  parametersOf,
} from './stories.js';
import { StoryRow } from './story-row.js';

/** The column that an order is about. */
const SORTED: Readonly<Partial<Record<Order, string>>> = {
  scenario: 'Scenario',
  late: 'Late by',
  attempts: 'Attempts',
};

export function StoryTable({ stories }: { readonly stories: readonly StoryReport[] }) {
  const choice = choiceOf(route.value.parameters);
  const columns = columnsOf(stories);
  const all = named(stories);
  const rows = chosen(all, choice);
  const { opened } = choice;
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
      {opened !== undefined && !all.some(({ name }) => name === opened) && (
        <p role="alert">There is no story {opened} in this document.</p>
      )}
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

/** Which stories are shown, chosen by buttons that say how many there are, and their order. */
import type { StoryReport } from '../../../src/timeline/conformance/document.js';
import { OUTCOME_SIGNS, OUTCOME_WORDS } from '../../../src/timeline/conformance/words.js';
import { type Choice, type Column, isAbout, ORDERS, type Order, OUTCOMES } from './stories.js';

const ORDER_WORDS: Readonly<Record<Order, string>> = {
  document: 'as in the file',
  scenario: 'scenario',
  lock: 'lock',
  outcome: 'outcome, confirmed last',
  late: 'lateness, the latest first',
  attempts: 'attempts, most first',
};

interface FiltersProps {
  readonly stories: readonly StoryReport[];
  readonly columns: readonly Column[];
  readonly choice: Choice;
  readonly choose: (more: Partial<Choice>) => void;
}

export function Filters({ stories, columns, choice, choose }: FiltersProps) {
  const services = columns.map(({ service, title }) => ({
    value: service,
    words: title,
    count: stories.filter((story) => isAbout(story, service)).length,
  }));
  const outcomes = OUTCOMES.map((value) => ({
    value,
    words: `${OUTCOME_SIGNS[value]} ${OUTCOME_WORDS[value]}`,
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

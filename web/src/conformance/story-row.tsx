/** A story in the table: both verdicts under its server, how late it was, and how to see more. */
import { useEffect, useRef } from 'preact/hooks';
import { instant } from '../../../src/story/words.js';
import type { StoryReport } from '../../../src/timeline/conformance/document.js';
import { OUTCOME_SIGNS, OUTCOME_WORDS } from '../../../src/timeline/conformance/words.js';
import { addressOf } from '../state/route.js';
import { SpreadBar } from './spread-bar.js';
import { type Column, isAbout, type NamedStory } from './stories.js';
import { StoryDetails } from './story-details.js';

interface Props extends NamedStory {
  readonly columns: readonly Column[];
  readonly marks: readonly number[];
  readonly isOpen: boolean;
  readonly toggle: () => void;
}

export function StoryRow({ name, story, columns, marks, isOpen, toggle }: Props) {
  const width = columns.length + 4;
  const details = `details-of-${name.replaceAll(/[^\w-]/g, '-')}`;
  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => {
    // The story that an address names may be far below.
    if (isOpen) body.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <tbody ref={body}>
      <tr>
        <Scenario name={name} story={story} />
        {columns.map((column) =>
          isAbout(story, column.service) ? (
            <Verdicts key={column.service} column={column} story={story} />
          ) : (
            <td key={column.service} class="none" />
          ),
        )}
        <td class="late">
          <b class="label">Late by</b>
          <SpreadBar timing={story.timing} marks={marks} />
        </td>
        <td class="attempts">
          <b class="label">Attempts</b>
          {story.attempts}
        </td>
        <td class="more">
          {story.lockFile === undefined && (
            <a href={addressOf('x', { run: story.code })} aria-label={`Open the run of ${name}`}>
              Open the run
            </a>
          )}
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={isOpen ? details : undefined}
            aria-label={`Command and details of ${name}`}
            onClick={toggle}
          >
            Command
          </button>
        </td>
      </tr>
      {story.outcome !== 'confirmed' && (
        <tr class="why">
          <td colSpan={width}>{whyOf(story)}</td>
        </tr>
      )}
      {isOpen && (
        <tr class="details">
          <td colSpan={width} id={details}>
            <StoryDetails story={story} />
          </td>
        </tr>
      )}
    </tbody>
  );
}

function Scenario({ name, story }: NamedStory) {
  const { lock, property, faults } = story;
  const under = faults.length === 0 ? 'without faults' : `under ${[...new Set(faults)].join(', ')}`;
  return (
    <th scope="row">
      <b>{name}</b> <code>{lock}</code>
      <span class="fine">
        breaks {property} {under}
      </span>
    </th>
  );
}

function Verdicts({ column, story }: { readonly column: Column; readonly story: StoryReport }) {
  const { outcome } = story;
  const mood = outcome === 'confirmed' ? 'broken' : 'unknown';
  const sign = <b class={`sign ${mood}`}>{OUTCOME_SIGNS[outcome]}</b>;
  return (
    <td class="verdicts">
      <b class="label">{column.title}</b>
      <span>
        <span class="badge">sim</span> <b class="sign broken">✗</b> {story.class ?? 'invalid'}
      </span>
      <span>
        <span class="badge real">real</span> {sign}{' '}
        {outcome === 'cannot-be-played' ? 'cannot be played' : OUTCOME_WORDS[outcome]}
      </span>
    </td>
  );
}

/** The first event that went another way, or the missing part. */
function whyOf({ outcome, why = '', atUs }: StoryReport): string {
  if (outcome === 'cannot-be-played') return `Missing here: ${why}`;
  if (atUs === undefined) return `Not reproduced: ${why}`;
  return `Went another way ${instant(atUs)} into the story: ${why}`;
}

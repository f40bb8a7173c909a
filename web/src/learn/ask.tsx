/** A prediction: answered before the rest of the run is shown. */
import type { Signal } from '@preact/signals';
import { useSignal } from '@preact/signals';
import type { Ask as AskData } from '../../../src/lessons/lesson.js';
import type { LessonRun } from './running.js';

interface Props {
  readonly ask: AskData;
  readonly run: LessonRun;
  readonly fill: (text: string) => string;
  readonly answered: Signal<boolean>;
  readonly onAnswered: () => void;
}

export function Ask({ ask, run, fill, answered, onAnswered }: Props) {
  const chosen = useSignal<number | undefined>(undefined);
  const right = ask.options.findIndex(({ holds }) => holds(run));
  const answer = (index: number) => {
    chosen.value = index;
    answered.value = true;
    onAnswered();
  };
  return (
    <fieldset class="ask">
      <legend>{fill(ask.question)}</legend>
      {ask.options.map(({ text }, index) => (
        <button
          key={text}
          type="button"
          class={answered.value && index === right ? 'right' : ''}
          aria-pressed={chosen.value === index}
          onClick={() => answer(index)}
        >
          {answered.value && index === right ? '✓ ' : ''}
          {fill(text)}
        </button>
      ))}
      <div aria-live="polite">
        {answered.value && (
          <p>
            {chosen.value !== undefined && <b>{chosen.value === right ? 'Right. ' : 'Not so. '}</b>}
            {fill(ask.why)}
          </p>
        )}
      </div>
    </fieldset>
  );
}

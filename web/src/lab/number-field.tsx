/**
 * A number of the scenario, with what is wrong with it beside it: what cannot be read as such a
 * number, or what scenario and lock say of the value.
 */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { JsonPath } from '../../../src/schema/json-places.js';
import { ProblemText } from './problem-text.js';
import { type Problem, problemAt } from './problems.js';

interface Props {
  readonly label: string;
  readonly title?: string;
  /** Where it stands in the scenario. */
  readonly at: JsonPath;
  readonly problems: readonly Problem[];
  /** What the field shows; `null`: nothing. */
  readonly value: number | null;
  /** What an empty field says, if one may be empty; then `change` gets `null`. */
  readonly empty?: string;
  /** What is taken beside any number: in words, and whether a number is such. */
  readonly takes?: { readonly words: string; readonly holds: (value: number) => boolean };
  readonly change: (value: number | null) => void;
}

export function NumberField({ label, title, at, problems, value, empty, takes, change }: Props) {
  /** What stands in the field and is no such number. */
  const refused = useSignal<{ readonly text: string; readonly message: string } | undefined>(
    undefined,
  );
  useEffect(() => {
    refused.value = undefined;
  }, [value]);
  const wrong = refused.value?.message ?? problemAt(problems, at)?.message;
  const id = `field-${at.join('-')}`;
  const read = (input: HTMLInputElement) => {
    const number = input.valueAsNumber;
    const isEmpty = input.value === '' && !input.validity.badInput;
    refused.value = undefined;
    if (isEmpty && empty !== undefined) change(null);
    else if (isRead(number) && (takes?.holds(number) ?? true)) change(number);
    else {
      const got = isEmpty ? 'nothing' : input.validity.badInput ? 'something else' : input.value;
      const message = `${label}: expected ${takes?.words ?? 'a number'}, got ${got}`;
      refused.value = { text: input.value, message };
    }
  };
  return (
    <>
      <label class="field" title={title} for={id}>
        {label}{' '}
        <input
          id={id}
          type="number"
          step="any"
          value={refused.value?.text ?? value ?? ''}
          placeholder={empty}
          aria-invalid={wrong !== undefined}
          aria-describedby={wrong === undefined ? undefined : `${id}-wrong`}
          onChange={(event) => read(event.currentTarget)}
        />
      </label>
      <ProblemText id={`${id}-wrong`} message={wrong} />
    </>
  );
}

/** A number that is still one in the units of the data. */
function isRead(number: number): boolean {
  return Number.isFinite(number * 1_000);
}

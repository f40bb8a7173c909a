/** The options of the lock itself, each with what it is for. */
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { LockAlgorithm } from '../../../src/algorithms/lock.js';
import type { OptionSpec } from '../../../src/algorithms/option-spec.js';
import { setOption } from '../../../src/lab/scenario-edits.js';
import type { OptionValue, Scenario } from '../../../src/scenario.js';
import { LOCK_TABLE } from '../simulator/lock-table.js';
import type { LabState } from './lab-state.js';
import { NumberField } from './number-field.js';
import { ProblemText } from './problem-text.js';
import { type Problem, problemAt } from './problems.js';

interface Props {
  readonly lab: LabState;
  readonly scenario: Scenario;
}

/** The lock of the scenario, as soon as it is loaded. */
function useLock(lab: LabState) {
  const lock = useSignal<LockAlgorithm | undefined>(undefined);
  useSignalEffect(() => {
    const name = lab.plan.value?.scenario.algorithm ?? '';
    if (!Object.hasOwn(LOCK_TABLE, name)) return;
    void LOCK_TABLE[name]!().then(({ default: found }) => {
      if (lab.plan.peek()?.scenario.algorithm === name) lock.value = found;
    });
  });
  return lock;
}

/** What the chosen lock is. */
export function LockSummary({ lab }: Pick<Props, 'lab'>) {
  const lock = useLock(lab);
  return <p class="muted">{lock.value?.summary}</p>;
}

export function LockOptions({ lab, scenario }: Props) {
  const lock = useLock(lab);
  const details = useRef<HTMLDetailsElement>(null);
  const problems = lab.problems.value;
  const wrong = problemAt(problems, ['options']);
  useEffect(() => {
    if (wrong !== undefined && details.current !== null) details.current.open = true;
  }, [wrong]);
  const options = Object.entries(lock.value?.options ?? {});
  const hasField = options.some(([name]) => name === wrong?.path?.[1]);
  return (
    <details ref={details}>
      <summary>Options of the lock ({options.length})</summary>
      {options.map(([name, spec]) => (
        <OptionField
          key={name}
          name={name}
          spec={spec}
          value={scenario.options[name] ?? spec.default}
          problems={problems}
          change={(to) => {
            if (lock.value !== undefined) lab.change(setOption(scenario, lock.value, name, to));
          }}
        />
      ))}
      <ProblemText id="options-wrong" message={hasField ? undefined : wrong?.message} />
    </details>
  );
}

function OptionField(props: {
  readonly name: string;
  readonly spec: OptionSpec;
  readonly value: OptionValue;
  readonly problems: readonly Problem[];
  readonly change: (value: OptionValue) => void;
}) {
  const { name, spec, value, problems, change } = props;
  const at = ['options', name];
  if (spec.kind === 'number') {
    const shown = Number(value);
    return (
      <NumberField
        label={name}
        title={spec.doc}
        at={at}
        problems={problems}
        value={Number.isFinite(shown) ? shown : null}
        change={(to) => change(to!)}
      />
    );
  }
  const id = `option-${name}`;
  const wrong = problemAt(problems, at)?.message;
  const described = wrong === undefined ? undefined : `${id}-wrong`;
  return (
    <>
      <label class="field" title={spec.doc} for={id}>
        {name}{' '}
        {spec.kind === 'boolean' ? (
          <input
            id={id}
            type="checkbox"
            aria-describedby={described}
            checked={value === true}
            onChange={(event) => change(event.currentTarget.checked)}
          />
        ) : (
          <select
            id={id}
            aria-describedby={described}
            aria-invalid={wrong !== undefined}
            value={String(value)}
            onChange={(event) => change(event.currentTarget.value)}
          >
            {[...new Set([...spec.values, String(value)])].map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        )}
      </label>
      <ProblemText id={`${id}-wrong`} message={wrong} />
    </>
  );
}

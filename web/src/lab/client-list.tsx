/** What each client does, in order, as a form. */
import { useEffect, useRef } from 'preact/hooks';
import { changeOperation } from '../../../src/lab/field-edits.js';
import { OPERATIONS_MAX, setOperations } from '../../../src/lab/scenario-edits.js';
import type { OperationPlan, Scenario } from '../../../src/scenario.js';
import type { JsonPath } from '../../../src/schema/json-places.js';
import type { LabState } from './lab-state.js';
import { NumberField } from './number-field.js';
import { problemAt } from './problems.js';

interface Props {
  readonly lab: LabState;
  readonly scenario: Scenario;
}

/** A whole number from 1 on, as a field takes it. */
export function countTo(max: number) {
  return {
    words: `a whole number from 1 to ${max}`,
    holds: (count: number) => Number.isInteger(count) && count >= 1 && count <= max,
  };
}

export function Clients({ lab, scenario }: Props) {
  const details = useRef<HTMLDetailsElement>(null);
  const problems = lab.problems.value;
  const wrong = scenario.clients.findIndex((_, at) => problemAt(problems, ['clients', at]));
  useEffect(() => {
    if (wrong >= 0 && details.current !== null) details.current.open = true;
  }, [wrong]);
  return (
    <details ref={details}>
      <summary>Clients ({scenario.clients.length})</summary>
      {scenario.clients.map(({ id, operations }, at) => (
        <fieldset key={id}>
          <legend>Client {id}</legend>
          <NumberField
            label="Operations"
            at={['clients', at, 'operations']}
            problems={[]}
            takes={countTo(OPERATIONS_MAX)}
            value={operations.length}
            change={(count) => lab.change(setOperations(scenario, id, count!))}
          />
          {operations.map((operation, index) => (
            <Operation
              key={operation.id}
              lab={lab}
              scenario={scenario}
              operation={operation}
              at={['clients', at, 'operations', index]}
            />
          ))}
        </fieldset>
      ))}
    </details>
  );
}

function Operation(props: Props & { readonly operation: OperationPlan; readonly at: JsonPath }) {
  const { lab, scenario, operation, at } = props;
  const number = (name: 'gapUs' | 'sectionUs', label: string) => (
    <NumberField
      label={`${operation.id} ${label}`}
      at={[...at, name]}
      problems={lab.problems.value}
      value={operation[name] / 1_000}
      change={(ms) => {
        const to = { [name]: Math.round(ms! * 1_000) };
        lab.change(changeOperation(scenario, operation.id, to));
      }}
    />
  );
  return (
    <div>
      {number('gapUs', 'begins after, ms')}
      {number('sectionUs', 'works for, ms')}
      <label class="field">
        {operation.id} renews half-way{' '}
        <input
          type="checkbox"
          checked={operation.renew}
          onChange={(event) => {
            const to = { renew: event.currentTarget.checked };
            lab.change(changeOperation(scenario, operation.id, to));
          }}
        />
      </label>
    </div>
  );
}

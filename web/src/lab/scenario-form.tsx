/** The scenario as a form: lock, times, what each client does. */
import { useSignal, useSignalEffect } from '@preact/signals';
import type { LockAlgorithm } from '../../../src/algorithms/lock.js';
import type { OptionSpec } from '../../../src/algorithms/option-spec.js';
import type { OptionValue, Scenario } from '../../../src/scenario.js';
import { LOCK_TABLE } from '../simulator/lock-table.js';
import { FaultList } from './fault-list.js';
import type { LabState } from './lab-state.js';

interface Props {
  readonly lab: LabState;
  readonly scenario: Scenario;
  /** Takes another lock: servers and options change with it. */
  readonly chooseLock: (name: string) => void;
}

export function ScenarioForm({ lab, scenario, chooseLock }: Props) {
  const problem = lab.problem.value;
  return (
    <form class="scenario" onSubmit={(event) => event.preventDefault()}>
      <label class="field">
        Lock{' '}
        <select
          value={scenario.algorithm}
          onChange={(event) => chooseLock(event.currentTarget.value)}
        >
          {Object.keys(LOCK_TABLE).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <MsField lab={lab} label="TTL, ms" name="ttlMs" value={scenario.ttlMs} />
      <MsField lab={lab} label="Longest wait, ms" name="waitMs" value={scenario.waitMs} />
      <LockOptions lab={lab} scenario={scenario} />
      {problem !== undefined && <p role="alert">{problem.message}</p>}
      <FaultList lab={lab} scenario={scenario} />
      <Clients lab={lab} scenario={scenario} />
    </form>
  );
}

function MsField(props: {
  readonly lab: LabState;
  readonly label: string;
  readonly name: 'ttlMs' | 'waitMs';
  readonly value: number;
}) {
  const { lab, label, name, value } = props;
  const wrong = lab.problem.value?.option === name;
  return (
    <label class="field">
      {label}{' '}
      <input
        type="number"
        min={0}
        value={value}
        aria-invalid={wrong}
        onChange={(event) => {
          const to = event.currentTarget.valueAsNumber;
          if (Number.isFinite(to)) lab.edit([{ set: name, to }]);
        }}
      />
    </label>
  );
}

/** The options of the lock itself, each with what it is for. */
function LockOptions({ lab, scenario }: Omit<Props, 'chooseLock'>) {
  const lock = useSignal<LockAlgorithm | undefined>(undefined);
  useSignalEffect(() => {
    const name = lab.plan.value?.scenario.algorithm ?? '';
    void LOCK_TABLE[name]?.().then(({ default: found }) => {
      lock.value = found;
    });
  });
  const options = Object.entries(lock.value?.options ?? {});
  return (
    <details>
      <summary>Options of the lock ({options.length})</summary>
      {options.map(([name, spec]) => (
        <OptionField
          key={name}
          name={name}
          spec={spec}
          value={scenario.options[name] ?? spec.default}
          wrong={lab.problem.value?.option === name}
          change={(to) => lab.edit([{ set: 'option', name, to }])}
        />
      ))}
    </details>
  );
}

function OptionField(props: {
  readonly name: string;
  readonly spec: OptionSpec;
  readonly value: OptionValue;
  readonly wrong: boolean;
  readonly change: (value: OptionValue) => void;
}) {
  const { name, spec, value, wrong, change } = props;
  return (
    <label class="field" title={spec.doc} for={`option-${name}`}>
      {name}{' '}
      {spec.kind === 'boolean' && (
        <input
          id={`option-${name}`}
          type="checkbox"
          checked={value === true}
          onChange={(event) => change(event.currentTarget.checked)}
        />
      )}
      {spec.kind === 'choice' && (
        <select
          id={`option-${name}`}
          value={String(value)}
          onChange={(event) => change(event.currentTarget.value)}
        >
          {spec.values.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      )}
      {spec.kind === 'number' && (
        <input
          id={`option-${name}`}
          type="number"
          step="any"
          value={Number(value)}
          aria-invalid={wrong}
          onChange={(event) => {
            const to = event.currentTarget.valueAsNumber;
            if (Number.isFinite(to)) change(to);
          }}
        />
      )}
    </label>
  );
}

/** What each client does, in order. */
function Clients({ lab, scenario }: Omit<Props, 'chooseLock'>) {
  return (
    <details>
      <summary>Clients ({scenario.clients.length})</summary>
      {scenario.clients.map(({ id, operations }) => (
        <fieldset key={id}>
          <legend>Client {id}</legend>
          {operations.map((operation) => {
            const number = (name: 'gapUs' | 'sectionUs', label: string) => (
              <label class="field">
                {operation.id} {label}{' '}
                <input
                  type="number"
                  min={0}
                  value={operation[name] / 1_000}
                  onChange={(event) => {
                    const ms = event.currentTarget.valueAsNumber;
                    if (!Number.isFinite(ms)) return;
                    const to = { [name]: Math.max(0, Math.round(ms * 1_000)) };
                    lab.edit([{ set: 'operation', id: operation.id, to }]);
                  }}
                />
              </label>
            );
            return (
              <div key={operation.id}>
                {number('gapUs', 'begins after, ms')}
                {number('sectionUs', 'works for, ms')}
                <label class="field">
                  {operation.id} renews half-way{' '}
                  <input
                    type="checkbox"
                    checked={operation.renew}
                    onChange={(event) => {
                      const to = { renew: event.currentTarget.checked };
                      lab.edit([{ set: 'operation', id: operation.id, to }]);
                    }}
                  />
                </label>
              </div>
            );
          })}
        </fieldset>
      ))}
    </details>
  );
}

/** The scenario as a form: lock, times, what each client does. */
import { useSignal, useSignalEffect } from '@preact/signals';
import type { LockAlgorithm } from '../../../src/algorithms/lock.js';
import type { OptionSpec } from '../../../src/algorithms/option-spec.js';
import {
  CLIENTS_MAX,
  changeOperation,
  OPERATIONS_MAX,
  setAmount,
  setClients,
  setLock,
  setOperations,
  setOption,
  setWorkload,
} from '../../../src/lab/scenario-edits.js';
import type { OptionValue, Scenario } from '../../../src/scenario.js';
import { CARELESS, workloads } from '../../../src/workloads/index.js';
import { LOCK_TABLE } from '../simulator/lock-table.js';
import { loadLock } from '../simulator/locks.js';
import { FaultList } from './fault-list.js';
import type { LabState } from './lab-state.js';

interface Props {
  readonly lab: LabState;
  readonly scenario: Scenario;
}

export function ScenarioForm({ lab, scenario }: Props) {
  const problem = lab.problem.value;
  return (
    <form class="scenario" onSubmit={(event) => event.preventDefault()}>
      <label class="field">
        Lock{' '}
        <select
          value={scenario.algorithm}
          onChange={(event) => {
            void loadLock(event.currentTarget.value).then((lock) =>
              lab.change(setLock(scenario, lock)),
            );
          }}
        >
          {Object.keys(LOCK_TABLE).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <MsField lab={lab} label="TTL, ms" name="ttlMs" value={scenario.ttlMs} />
      <MsField lab={lab} label="Longest wait, ms" name="waitMs" value={scenario.waitMs} />
      <label class="field">
        Workload{' '}
        <select
          value={scenario.workload}
          onChange={(event) => lab.change(setWorkload(scenario, event.currentTarget.value))}
        >
          {workloads
            .flatMap(({ name }) => [name, `${CARELESS}-${name}`])
            .map((name) => (
              <option key={name}>{name}</option>
            ))}
        </select>
      </label>
      <CountField
        label="Clients"
        max={CLIENTS_MAX}
        value={scenario.clients.length}
        change={(count) => lab.change(setClients(scenario, count))}
      />
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
          if (Number.isFinite(to)) lab.change(setAmount(lab.plan.value!.scenario, name, to));
        }}
      />
    </label>
  );
}

/** The options of the lock itself, each with what it is for. */
function LockOptions({ lab, scenario }: Props) {
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
          change={(to) => {
            if (lock.value !== undefined) lab.change(setOption(scenario, lock.value, name, to));
          }}
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
function Clients({ lab, scenario }: Props) {
  return (
    <details>
      <summary>Clients ({scenario.clients.length})</summary>
      {scenario.clients.map(({ id, operations }) => (
        <fieldset key={id}>
          <legend>Client {id}</legend>
          <CountField
            label="Operations"
            max={OPERATIONS_MAX}
            value={operations.length}
            change={(count) => lab.change(setOperations(scenario, id, count))}
          />
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
                    lab.change(changeOperation(scenario, operation.id, to));
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
                      lab.change(changeOperation(scenario, operation.id, to));
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

function CountField(props: {
  readonly label: string;
  readonly max: number;
  readonly value: number;
  readonly change: (count: number) => void;
}) {
  const { label, max, value, change } = props;
  return (
    <label class="field">
      {label}{' '}
      <input
        type="number"
        min={1}
        max={max}
        value={value}
        onChange={(event) => {
          const count = Math.round(event.currentTarget.valueAsNumber);
          if (count >= 1 && count <= max) change(count);
        }}
      />
    </label>
  );
}

/** The scenario as a form: lock, times, faults, what each client does. */
import { type Amount, putAmount, putWorkload } from '../../../src/lab/field-edits.js';
import { CLIENTS_MAX, setClients, setLock } from '../../../src/lab/scenario-edits.js';
import type { Scenario } from '../../../src/scenario.js';
import { CARELESS, workloads } from '../../../src/workloads/index.js';
import { LOCK_TABLE } from '../simulator/lock-table.js';
import { loadLock } from '../simulator/locks.js';
import { Clients, countTo } from './client-list.js';
import { FaultList } from './fault-list.js';
import type { LabState } from './lab-state.js';
import { type LockGroup, lockGroups } from './lock-groups.js';
import { LockOptions, LockSummary } from './lock-options.js';
import { NumberField } from './number-field.js';
import { ProblemText } from './problem-text.js';
import { hasField, problemAt } from './problems.js';

interface Props {
  readonly lab: LabState;
  readonly scenario: Scenario;
}

const LOCKS = lockGroups(Object.keys(LOCK_TABLE));
const WORKLOADS = workloads.flatMap(({ name }) => [name, `${CARELESS}-${name}`]);

export function ScenarioForm({ lab, scenario }: Props) {
  const problems = lab.problems.value;
  const others = problems.filter(({ path = [] }) => !hasField(path));
  const amount = (label: string, name: Amount) => (
    <NumberField
      label={label}
      at={[name]}
      problems={problems}
      value={scenario[name]}
      change={(to) => lab.change(putAmount(scenario, name, to!))}
    />
  );
  return (
    <form class="scenario" onSubmit={(event) => event.preventDefault()}>
      <Choice
        lab={lab}
        label="Lock"
        name="algorithm"
        value={scenario.algorithm}
        among={LOCKS}
        change={(name) => {
          void loadLock(name).then((lock) =>
            lab.change(setLock(lab.plan.peek()?.scenario ?? scenario, lock)),
          );
        }}
      />
      <LockSummary lab={lab} />
      {amount('TTL, ms', 'ttlMs')}
      {amount('Longest wait, ms', 'waitMs')}
      <Choice
        lab={lab}
        label="Workload"
        name="workload"
        value={scenario.workload}
        among={[{ label: '', names: WORKLOADS }]}
        change={(name) => lab.change(putWorkload(scenario, name))}
      />
      <NumberField
        label="Clients"
        at={['clients']}
        problems={problems.filter(({ path = [] }) => path.length === 1)}
        takes={countTo(CLIENTS_MAX)}
        value={scenario.clients.length}
        change={(count) => lab.change(setClients(scenario, count!))}
      />
      <LockOptions lab={lab} scenario={scenario} />
      {others.map(({ message }) => (
        <p key={message} role="alert">
          {message}
        </p>
      ))}
      <FaultList lab={lab} scenario={scenario} />
      <Clients lab={lab} scenario={scenario} />
    </form>
  );
}

function Options({ names }: { readonly names: readonly string[] }) {
  return (
    <>
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </>
  );
}

function Choice(props: {
  readonly lab: LabState;
  readonly label: string;
  readonly name: 'algorithm' | 'workload';
  readonly value: string;
  readonly among: readonly LockGroup[];
  readonly change: (value: string) => void;
}) {
  const { lab, label, name, value, among, change } = props;
  const wrong = problemAt(lab.problems.value, [name])?.message;
  const id = `field-${name}`;
  return (
    <>
      <label class="field" for={id}>
        {label}{' '}
        <select
          id={id}
          value={value}
          aria-invalid={wrong !== undefined}
          aria-describedby={wrong === undefined ? undefined : `${id}-wrong`}
          onChange={(event) => change(event.currentTarget.value)}
        >
          {!among.some(({ names }) => names.includes(value)) && <option>{value}</option>}
          {among.map(({ label, names }) =>
            label === '' ? (
              <Options key={label} names={names} />
            ) : (
              <optgroup key={label} label={label}>
                <Options names={names} />
              </optgroup>
            ),
          )}
        </select>
      </label>
      <ProblemText id={`${id}-wrong`} message={wrong} />
    </>
  );
}

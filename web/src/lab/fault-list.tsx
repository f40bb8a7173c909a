/** The faults of the scenario as a form: each one's place, instant and size; add and remove. */
import { useSignal } from '@preact/signals';
import type { Fault, HostId } from '../../../src/fault.js';
import { addFault, deleteFault, putFault } from '../../../src/lab/fault-edits.js';
import type { Scenario } from '../../../src/scenario.js';
import {
  CLASSES,
  mayBeEmpty,
  newFault,
  numbersOf,
  placeOf,
  readNumber,
  withNumber,
} from './faults.js';
import type { LabState } from './lab-state.js';
import { NumberField } from './number-field.js';
import { ProblemText } from './problem-text.js';
import { problemAt } from './problems.js';

interface Props {
  readonly lab: LabState;
  readonly scenario: Scenario;
}

export function FaultList({ lab, scenario }: Props) {
  const wanted = useSignal<(typeof CLASSES)[number]>('pause');
  return (
    <fieldset class="faults">
      <legend>Faults</legend>
      {scenario.faults.map((fault, index) => (
        <FaultForm key={fault.id} lab={lab} scenario={scenario} fault={fault} index={index} />
      ))}
      <p class="moves">
        <select
          aria-label="Class of a new fault"
          value={wanted.value}
          onChange={(event) => {
            wanted.value = event.currentTarget.value as (typeof CLASSES)[number];
          }}
        >
          {CLASSES.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <button
          type="button"
          onClick={() => {
            const atUs = lab.explore.value?.cursorUs.value ?? 0;
            lab.change(addFault(scenario, newFault(wanted.value, scenario, atUs)));
          }}
        >
          Add at the cursor
        </button>
      </p>
    </fieldset>
  );
}

function FaultForm(props: Props & { readonly fault: Fault; readonly index: number }) {
  const { lab, scenario, fault, index } = props;
  const set = (to: Fault) => lab.change(putFault(scenario, to));
  const problems = lab.problems.value;
  const place = ['host', 'client', 'server']
    .map((name) => problemAt(problems, ['faults', index, name]))
    .find((problem) => problem !== undefined);
  return (
    <div class="fault">
      <b>{fault.class}</b>{' '}
      <button
        type="button"
        aria-label={`Remove ${fault.class} ${fault.id}`}
        onClick={() => lab.change(deleteFault(scenario, fault.id))}
      >
        Remove
      </button>
      <Places scenario={scenario} fault={fault} set={set} />
      <ProblemText id={`${fault.id}-place-wrong`} message={place?.message} />
      {numbersOf(fault).map((number) => (
        <NumberField
          key={number.name}
          label={number.label}
          at={['faults', index, ...placeOf(number)]}
          problems={problems}
          value={readNumber(fault, number)}
          {...(mayBeEmpty(fault, number) && { empty: 'never' })}
          change={(shown) => set(withNumber(fault, number, shown))}
        />
      ))}
      {!('atUs' in fault.at) && <p class="muted">{triggerWords(fault)}</p>}
    </div>
  );
}

/** Where it strikes: one host, or a client and a server. */
function Places(props: {
  readonly scenario: Scenario;
  readonly fault: Fault;
  readonly set: (to: Fault) => void;
}) {
  const { scenario, fault, set } = props;
  const clients = scenario.clients.map(({ id }) => id);
  const servers = scenario.servers.map(({ id }) => id);
  if ('host' in fault) {
    const hosts = fault.class === 'pause' || fault.class === 'client-crash' ? clients : servers;
    const all = fault.class.startsWith('clock') ? [...clients, ...servers] : hosts;
    const change = (host: HostId) => set({ ...fault, host });
    return <HostChoice label="of" hosts={all} value={fault.host} change={change} />;
  }
  return (
    <>
      <HostChoice
        label="client"
        hosts={clients}
        value={fault.client}
        change={(client) => set({ ...fault, client })}
      />
      <HostChoice
        label="server"
        hosts={[...servers, 'store']}
        value={fault.server}
        change={(server) => set({ ...fault, server })}
      />
    </>
  );
}

function HostChoice(props: {
  readonly label: string;
  readonly hosts: readonly HostId[];
  readonly value: HostId;
  readonly change: (host: HostId) => void;
}) {
  return (
    <label class="field">
      {props.label}{' '}
      <select value={props.value} onChange={(event) => props.change(event.currentTarget.value)}>
        {[...new Set([...props.hosts, props.value])].map((host) => (
          <option key={host}>{host}</option>
        ))}
      </select>
    </label>
  );
}

function triggerWords({ at }: Fault): string {
  if ('call' in at)
    return `strikes at a call of ${at.call.operation}; drag it to strike by the clock`;
  if ('delivery' in at) return `strikes when a message of ${at.delivery.operation} arrives`;
  return '';
}

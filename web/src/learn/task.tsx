/** Something to do: a few fields of the scenario, a goal that the run is asked, hints. */
import { type Signal, useSignal } from '@preact/signals';
import type { Fault } from '../../../src/fault.js';
import type { Task as TaskData } from '../../../src/lessons/lesson.js';
import { type Offer, offeredOf, withValue } from '../../../src/lessons/offer.js';
import type { Edit, Patch } from '../../../src/lessons/patch.js';
import type { LessonRun } from './running.js';

interface Props {
  readonly task: TaskData;
  readonly run: LessonRun;
  readonly fill: (text: string) => string;
  /** What the learner has changed so far. */
  readonly patch: Signal<Patch>;
}

export function Task({ task, run, fill, patch }: Props) {
  const hints = useSignal(0);
  const isDone = task.goal(run);
  return (
    <section class="task" aria-label="Your task">
      <h3>Your turn</h3>
      <p>{fill(task.says)}</p>
      {task.offers.map((offer) => (
        <Field key={nameOf(offer)} offer={offer} run={run} set={(edit) => set(patch, edit)} />
      ))}
      <p role="status" class={isDone ? 'fine' : 'muted'}>
        {isDone ? '✓ Done: that is it.' : 'Not yet.'}
      </p>
      <ol class="hints">
        {task.hints.slice(0, hints.value).map((hint) => (
          <li key={hint}>{fill(hint)}</li>
        ))}
      </ol>
      <p class="moves">
        {hints.value < task.hints.length && (
          <button type="button" onClick={() => hints.value++}>
            {hints.value === 0 ? 'Hint' : 'Another hint'}
          </button>
        )}
        <button
          type="button"
          onClick={() => {
            patch.value = task.solution;
          }}
        >
          Show me
        </button>
        <button
          type="button"
          disabled={patch.value.length === 0}
          onClick={() => {
            patch.value = [];
          }}
        >
          Reset
        </button>
      </p>
    </section>
  );
}

/** An edit takes the place of an earlier one of the same thing. */
function set(patch: Signal<Patch>, edit: Edit): void {
  patch.value = [...patch.value.filter((one) => targetOf(one) !== targetOf(edit)), edit];
}

function targetOf(edit: Edit): string {
  switch (edit.set) {
    case 'fault':
    case 'client':
      return `${edit.set} ${edit.to.id}`;
    case 'operation':
    case 'no-fault':
      return `${edit.set} ${edit.id}`;
    case 'option':
      return `option ${edit.name}`;
    default:
      return edit.set;
  }
}

function nameOf(offer: Offer): string {
  if ('fault' in offer) return `${offer.field} ${offer.fault}`;
  return offer.field === 'renew' ? `renew ${offer.operation}` : offer.field;
}

interface FieldProps {
  readonly offer: Offer;
  readonly run: LessonRun;
  readonly set: (edit: Edit) => void;
}

function Field({ offer, run, set }: FieldProps) {
  const { scenario } = run;
  switch (offer.field) {
    case 'ttlMs':
    case 'waitMs': {
      const field = offer.field;
      return (
        <NumberField
          label={field === 'ttlMs' ? 'TTL in ms' : 'Longest wait in ms'}
          range={offer}
          value={scenario[field]}
          change={(to) => set({ set: field, to })}
        />
      );
    }
    case 'algorithm':
      return (
        <label class="field">
          Lock{' '}
          <select
            value={scenario.algorithm}
            onChange={(event) => set({ set: 'algorithm', to: event.currentTarget.value })}
          >
            {offer.among.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      );
    case 'renew': {
      const { operation } = offer;
      const plan = scenario.clients
        .flatMap(({ operations }) => operations)
        .find(({ id }) => id === operation);
      return (
        <label class="field">
          <input
            type="checkbox"
            checked={plan?.renew === true}
            onChange={(event) =>
              set({ set: 'operation', id: operation, to: { renew: event.currentTarget.checked } })
            }
          />{' '}
          {operation} renews half-way
        </label>
      );
    }
    default:
      return <FaultField offer={offer} run={run} set={set} />;
  }
}

function FaultField(props: {
  readonly offer: Extract<Offer, { fault: string }>;
  readonly run: LessonRun;
  readonly set: (edit: Edit) => void;
}) {
  const { offer, run, set } = props;
  const fault = run.scenario.faults.find(({ id }) => id === offer.fault);
  const value = fault === undefined ? undefined : offeredOf(fault, offer.field);
  if (fault === undefined || value === undefined) return null;
  const unit = offer.field === 'durationUs' ? 1_000 : 1;
  const name =
    offer.field === 'durationUs' ? `${fault.class} in ms` : `${fault.class} at call number`;
  const range = { from: offer.from / unit, to: offer.to / unit };
  const change = (to: number) =>
    set({ set: 'fault', to: withValue(fault as Fault, offer.field, to * unit) });
  return <NumberField label={name} range={range} value={value / unit} change={change} />;
}

/** A slider and a number for the same value: what can be dragged can be typed. */
function NumberField(props: {
  readonly label: string;
  readonly range: { readonly from: number; readonly to: number };
  readonly value: number;
  readonly change: (value: number) => void;
}) {
  const { label, range, value, change } = props;
  const changed = (text: string) => {
    const number = Math.round(Number(text));
    if (Number.isFinite(number)) change(Math.min(Math.max(number, range.from), range.to));
  };
  const step = Math.max(1, 10 ** Math.floor(Math.log10((range.to - range.from) / 100)));
  return (
    <label class="field">
      {label}{' '}
      <input
        type="number"
        min={range.from}
        max={range.to}
        value={value}
        onChange={(event) => changed(event.currentTarget.value)}
      />
      <input
        type="range"
        aria-label={label}
        min={range.from}
        max={range.to}
        step={step}
        value={value}
        onInput={(event) => changed(event.currentTarget.value)}
      />
    </label>
  );
}

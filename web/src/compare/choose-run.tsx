/** Chooses one of the two runs: another seed, another lock under the same faults, a file. */
import { type Signal, useSignal } from '@preact/signals';
import { decodeReplay } from '../../../src/host/browser-replay.js';
import { plural } from '../../../src/story/words.js';
import type { TraceFile } from '../../../src/timeline/format.js';
import { FileField } from '../parts/file-field.js';
import { simulator } from '../simulator/index.js';
import { LOCK_TABLE } from '../simulator/lock-table.js';
import { readFile } from '../state/traces.js';
import { underOtherLock } from './other-lock.js';

/** As the command takes them. */
const SEED_MAX = 4_294_967_295;
const RUN_MAX = 9_999_999;

interface Props {
  readonly name: string;
  readonly side: Signal<TraceFile | undefined>;
  readonly other: Signal<TraceFile | undefined>;
  readonly problem: Signal<string | undefined>;
}

export function ChooseRun({ name, side, other, problem }: Props) {
  const lock = useSignal('set-nx');
  const seed = useSignal(1);
  const run = useSignal(0);
  const take = (made: Promise<TraceFile>, remark = (): string | undefined => undefined) => {
    made
      .then((trace) => {
        side.value = trace;
        problem.value = remark();
      })
      .catch((error: unknown) => {
        problem.value = error instanceof Error ? error.message : String(error);
      });
  };
  const draw = async () => {
    const plan = await simulator.draw({ lock: lock.value, seed: seed.value, run: run.value });
    return (await simulator.play(plan)).trace;
  };
  const follow = () => {
    let left = 0;
    const made = underSameFaults(other.value, lock.value, (count) => {
      left = count;
    });
    take(made, () => (left === 0 ? undefined : `${name}: ${missing(left, lock.value)}`));
  };
  return (
    <fieldset>
      <legend>{name}</legend>
      <label class="field">
        Lock{' '}
        <select
          value={lock.value}
          onChange={(event) => {
            lock.value = event.currentTarget.value;
          }}
        >
          {Object.keys(LOCK_TABLE).map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <NumberField label="Seed" value={seed} max={SEED_MAX} />
      <NumberField label="Run" value={run} max={RUN_MAX} />
      <Makers
        canFollow={other.value?.meta.replay !== undefined}
        draw={() => take(draw())}
        follow={follow}
      />
      <FileField class="field" label="Trace file" open={(file) => take(readFile(file))} />
    </fieldset>
  );
}

/** The run of a lock in the story of another run; says how many faults are not in it. */
async function underSameFaults(
  file: TraceFile | undefined,
  lock: string,
  leaveOut: (faults: number) => void,
): Promise<TraceFile> {
  const replay = file?.meta.replay;
  if (replay === undefined) throw new Error('the other run has no replay code to begin from');
  const from = await decodeReplay(replay);
  const plan = await underOtherLock(from, lock);
  leaveOut(from.scenario.faults.length - plan.scenario.faults.length);
  return (await simulator.play(plan)).trace;
}

function missing(faults: number, lock: string): string {
  return `${plural(faults, 'fault')} of servers that ${lock} does not have could not go along.`;
}

/** Ways to make a run, beside opening one. */
function Makers(props: {
  readonly canFollow: boolean;
  readonly draw: () => void;
  readonly follow: () => void;
}) {
  return (
    <p class="moves">
      <button type="button" onClick={props.draw}>
        This run of this seed
      </button>
      <button type="button" disabled={!props.canFollow} onClick={props.follow}>
        This lock under the other run’s faults
      </button>
    </p>
  );
}

function NumberField(props: {
  readonly label: string;
  readonly value: Signal<number>;
  readonly max: number;
}) {
  const { label, value, max } = props;
  return (
    <label class="field">
      {label}{' '}
      <input
        type="number"
        min={0}
        max={max}
        value={value.value}
        onChange={({ currentTarget }) => {
          const number = Math.round(currentTarget.valueAsNumber);
          if (number >= 0) value.value = Math.min(number, max);
          // What is used is what is shown, also if nothing has changed.
          currentTarget.value = String(value.value);
        }}
      />
    </label>
  );
}

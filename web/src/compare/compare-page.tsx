/** `#/cmp?a=…&b=…`: two runs above each other, paired by operation or laid on one time axis. */
import { type Signal, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { firstDivergence, type Pair, pairsOf, wordsOfPair } from '../../../src/timeline/compare.js';
import type { TraceFile } from '../../../src/timeline/format.js';
import { TraceModel } from '../../../src/timeline/model.js';
import { otherRun } from '../explore/address.js';
import { ExploreState } from '../explore/explore-state.js';
import { Legend } from '../explore/legend.js';
import { Now } from '../explore/side-panel.js';
import { Timeline } from '../explore/timeline.js';
import { Commands } from '../parts/commands.js';
import { addressOf, note, route } from '../state/route.js';
import { isBeside, openTrace, traceBeside } from '../state/traces.js';
import './compare.css';
import { ChooseRun } from './choose-run.js';

/** How the two runs are laid over each other. */
type Alignment = 'operation' | 'time';

const SIGNS: Readonly<Record<Pair['comparison'], string>> = {
  same: '✓',
  slower: '≈',
  differs: '≠',
  'only-left': '+',
  'only-right': '+',
};

export function ComparePage() {
  const left = useSignal<TraceFile | undefined>(undefined);
  const right = useSignal<TraceFile | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const { parameters } = route.value;
  useEffect(() => {
    problem.value = undefined;
    void openSides(parameters, { a: left, b: right }, problem);
  }, [parameters]);
  useSignalEffect(() => {
    const codeOf = (name: string, file: TraceFile | undefined) => {
      const asked = parameters.get(name) ?? undefined;
      return file === undefined || (asked !== undefined && isBeside(asked))
        ? asked
        : file.meta.replay;
    };
    const [a, b] = [codeOf('a', left.value), codeOf('b', right.value)];
    const v = (left.value ?? right.value)?.meta.engine;
    if (v !== undefined && (a ?? b) !== undefined) note(addressOf('cmp', { a, b, v }));
  });
  return (
    <main class="compare">
      <h2>Two runs</h2>
      {(left.value ?? right.value) === undefined && (
        <p>
          Two runs above each other, call by call, with the first at which they part: one lock under
          two seeds, two locks under the same faults, a simulated run beside the real one.
        </p>
      )}
      <div class="sides">
        <ChooseRun name="First" side={left} other={right} problem={problem} />
        <ChooseRun name="Second" side={right} other={left} problem={problem} />
      </div>
      {problem.value !== undefined && <p role="alert">{problem.value}</p>}
      {left.value !== undefined && right.value !== undefined ? (
        <Pairing left={left.value} right={right.value} />
      ) : (
        <Without />
      )}
    </main>
  );
}

/** How to come by what the page shows. */
function Without() {
  return (
    <>
      <p>
        Choose both: a run of a seed is made here, and a trace is a file that one of these writes.
      </p>
      <Commands
        lines={[
          'run set-nx --seed 1 --trace one.json',
          'check set-nx --trace one.json',
          'real replay <code> --simulated one.json --trace other.json',
        ]}
      />
      <p>Or begin with both:</p>
      <Commands lines={['view one.json --compare other.json']} />
    </>
  );
}

/** Makes the runs that an address names, one after the other: the simulator makes the latest. */
async function openSides(
  parameters: URLSearchParams,
  sides: Readonly<Record<'a' | 'b', Signal<TraceFile | undefined>>>,
  problem: Signal<string | undefined>,
): Promise<void> {
  for (const name of ['a', 'b'] as const) {
    const code = parameters.get(name);
    const known = sides[name].peek();
    if (code === null || code === known?.meta.replay) continue;
    if (known !== undefined && isBeside(code)) continue;
    try {
      const { file, expected } = isBeside(code)
        ? { file: await traceBeside(code), expected: undefined }
        : await openTrace(code);
      if (route.peek().parameters !== parameters) return;
      sides[name].value = file;
      problem.value = otherRun({ file }, parameters, expected) ?? problem.value;
    } catch (error) {
      if (route.peek().parameters !== parameters) return;
      problem.value = error instanceof Error ? error.message : String(error);
    }
  }
}

function Pairing({ left, right }: { readonly left: TraceFile; readonly right: TraceFile }) {
  const alignment = useSignal<Alignment>('operation');
  const states = useMemo(
    (): Both => [new ExploreState(new TraceModel(left)), new ExploreState(new TraceModel(right))],
    [left, right],
  );
  const pairs = useMemo(() => pairsOf(states[0].model, states[1].model), [states]);
  useLinkedViews(states, alignment);
  const parting = firstDivergence(pairs);
  return (
    <>
      <p class="moves">
        {(['operation', 'time'] as const).map((kind) => (
          <button
            key={kind}
            type="button"
            aria-pressed={alignment.value === kind}
            onClick={() => {
              alignment.value = kind;
            }}
          >
            By {kind}
          </button>
        ))}
      </p>
      <p role="status">
        {parting === undefined ? (
          'Every call and every access ends alike in both runs.'
        ) : (
          <>
            First divergence:{' '}
            <button type="button" class="link" onClick={() => show(states, parting)}>
              {wordsOfPair(parting)}
            </button>
          </>
        )}
      </p>
      <p class="muted">
        ✓ ends alike · ≈ at another pace · ≠ ends otherwise · + in one of the runs alone
      </p>
      <Ribbon pairs={pairs} choose={(pair) => show(states, pair)} />
      {states.map((state, index) => (
        <section
          key={index === 0 ? 'left' : 'right'}
          aria-label={index === 0 ? 'First run' : 'Second run'}
        >
          <Head state={state} />
          <Timeline state={state} />
          <div class="side">
            <Now
              state={state}
              label={`At the cursor, ${index === 0 ? 'first run' : 'second run'}`}
            />
          </div>
        </section>
      ))}
      <Legend models={states.map(({ model }) => model)} />
    </>
  );
}

type Both = readonly [ExploreState, ExploreState];

/** Laid on one time axis, what one view shows the other one shows too. */
function useLinkedViews([left, right]: Both, alignment: Signal<Alignment>): void {
  useSignalEffect(() => {
    if (alignment.value !== 'time') return;
    left.setAxis('time');
    right.setAxis('time');
    const [fromUs, untilUs] = left.shownUs();
    right.show(fromUs, untilUs);
    right.cursorUs.value = Math.min(left.cursorUs.value, right.model.endUs);
  });
}

/** Both runs at the call of a pair. */
function show(states: Both, { left, right }: Pair): void {
  for (const [index, call] of [left, right].entries()) {
    const state = states[index]!;
    if (call === undefined) continue;
    state.frame(call.ended < 0 ? [call.row] : [call.row, call.ended]);
    state.chooseRow(call.ended < 0 ? call.row : call.ended);
  }
}

function Ribbon(props: { readonly pairs: readonly Pair[]; readonly choose: (pair: Pair) => void }) {
  return (
    <ol class="ribbon" aria-label="Calls and accesses, paired">
      {props.pairs.map((pair) => (
        <li key={pair.name}>
          <button
            type="button"
            class={pair.comparison}
            title={wordsOfPair(pair)}
            aria-label={wordsOfPair(pair)}
            onClick={() => props.choose(pair)}
          >
            {SIGNS[pair.comparison]}
          </button>
        </li>
      ))}
    </ol>
  );
}

function Head({ state }: { readonly state: ExploreState }) {
  const { meta, violations } = state.model.file;
  return (
    <p class="title">
      <b>{meta.title}</b> <span class={`badge ${meta.source}`}>{meta.source}</span>{' '}
      <code>{meta.digest}</code>
      {violations.length === 0 && <span class="fine">nothing breaks</span>}
    </p>
  );
}

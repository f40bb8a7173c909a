/** `#/lab`: a scenario to edit at the left, its run at the right. */
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { decodeReplay } from '../../../src/host/browser-replay.js';
import { asCommand, asTest } from '../../../src/lab/copies.js';
import { doubtsOf } from '../../../src/lab/doubts.js';
import { thePause } from '../../../src/lessons/06-the-pause.js';
import { applyPatch } from '../../../src/lessons/patch.js';
import type { RunPlan } from '../../../src/search/replay-code.js';
import { otherRun } from '../explore/address.js';
import { Controls } from '../explore/controls.js';
import { EventsTable } from '../explore/events-table.js';
import { LegendBelow } from '../explore/legend-below.js';
import { SidePanel } from '../explore/side-panel.js';
import { Timeline } from '../explore/timeline.js';
import { addressOf, note, route } from '../state/route.js';
import { Draft } from './draft.js';
import { faultDrag } from './fault-drag.js';
import './lab.css';
import { LabState } from './lab-state.js';
import { MessageTools } from './message-tools.js';
import { ScenarioForm } from './scenario-form.js';
import { ScenarioText } from './scenario-text.js';
import { useUndoKeys } from './undo-keys.js';

/** Where the Lab begins when the address names no run: a pause that outlasts the lease. */
const FIRST = applyPatch(thePause.start, thePause.steps[1]?.plan ?? []);

/** A long address takes the browser longer than a picture. Returns how to call it off. */
function afterDrawing(act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(act);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

/** Whoever goes to another page finds here again what was edited, with all that can be undone. */
const lab = new LabState();
const draft = new Draft(lab);

export function LabPage() {
  const problem = useSignal<string | undefined>(undefined);
  const asText = useSignal(false);
  const warning = useSignal<string | undefined>(undefined);
  /** Digest that the address promises of the run it opens. */
  const expected = useSignal<string | undefined>(undefined);
  const { parameters } = route.value;
  useUndoKeys(lab);
  useEffect(() => {
    const run = parameters.get('run');
    const replay = lab.played.peek()?.replay;
    // An address that names no other run leaves what is open, with all that can be undone.
    if (replay !== undefined && (run === null || run === replay)) return;
    const plan: Promise<RunPlan & { readonly digest?: string }> =
      run === null ? Promise.resolve(FIRST) : decodeReplay(run);
    plan
      .then((found) => {
        problem.value = undefined;
        warning.value = undefined;
        expected.value = found.digest;
        lab.open(found);
      })
      .catch((error: unknown) => {
        problem.value = error instanceof Error ? error.message : String(error);
      });
  }, [parameters]);
  useSignalEffect(() => {
    const played = lab.played.value;
    if (played === undefined) return;
    const { trace, replay } = played;
    if (expected.value !== undefined) {
      warning.value = otherRun({ file: trace }, parameters, expected.value);
      expected.value = undefined;
    }
    return afterDrawing(() => note(addressOf('lab', { run: replay, v: trace.meta.engine })));
  });
  const scenario = lab.plan.value?.scenario;
  const explore = lab.explore.value;
  return (
    <main class="lab">
      {problem.value !== undefined && <p role="alert">{problem.value}</p>}
      {warning.value !== undefined && <p role="alert">{warning.value}</p>}
      {scenario !== undefined && (
        <div class="bench">
          <Tools lab={lab} asText={asText} />
          {asText.value ? (
            <ScenarioText draft={draft} />
          ) : (
            <ScenarioForm lab={lab} scenario={scenario} />
          )}
        </div>
      )}
      {explore !== undefined && (
        <div class="stage-of-lab">
          <Verdict lab={lab} />
          <Controls state={explore} />
          <p class="muted">
            A fault can be dragged: in its middle to move it, at its end to make it longer.
          </p>
          <Timeline state={explore} ghost={lab.ghost.value} drag={faultDrag(lab, explore)} />
          <MessageTools lab={lab} state={explore} />
          <SidePanel state={explore} />
          <EventsTable state={explore} />
          <LegendBelow models={[explore.model]} />
        </div>
      )}
    </main>
  );
}

function Tools({ lab, asText }: { readonly lab: LabState; readonly asText: { value: boolean } }) {
  const played = lab.played.value;
  const replay = played?.replay;
  const said = useSignal('');
  const copy = async (what: string, text: string) => {
    try {
      await navigator.clipboard.writeText(text);
      said.value = `${what} is in the clipboard.`;
    } catch {
      said.value = `The browser does not let this page copy. ${what}: ${text}`;
    }
  };
  return (
    <p class="moves">
      <button type="button" title="Ctrl Z" disabled={!lab.canUndo.value} onClick={() => lab.undo()}>
        Undo
      </button>
      <button
        type="button"
        title="Ctrl Shift Z"
        disabled={!lab.canRedo.value}
        onClick={() => lab.redo()}
      >
        Redo
      </button>
      <button
        type="button"
        aria-pressed={asText.value}
        onClick={() => {
          asText.value = !asText.value;
        }}
      >
        JSON
      </button>
      {played !== undefined && (
        <button
          type="button"
          onClick={() => {
            const { algorithm } = played.plan.scenario;
            void copy('The test', asTest({ algorithm, ...played }));
          }}
        >
          Copy as test
        </button>
      )}
      {replay !== undefined && (
        <button type="button" onClick={() => void copy('The command', asCommand(replay))}>
          Copy as command
        </button>
      )}
      <span role="status" class="muted">
        {said.value}
      </span>
    </p>
  );
}

/** What the run gives, for the voice as well. */
function Verdict({ lab }: { readonly lab: LabState }) {
  const played = lab.played.value;
  const model = lab.explore.value?.model;
  if (played === undefined || model === undefined) return null;
  const broken = played.verdicts.filter(({ verdict }) => verdict === 'invalid');
  const names = broken.map(({ property, class: found }) => found ?? property).join(', ');
  const doubts = doubtsOf(model, played.findings);
  const good = doubts.length === 0 ? '✓ nothing breaks' : '? nothing breaks, but not all is well';
  return (
    <div role="status">
      <p class={broken.length > 0 ? 'breaks' : doubts.length > 0 ? 'doubts' : 'fine'}>
        {broken.length === 0 ? good : `✗ ${names}`}
        {lab.changed.value !== undefined && <span class="muted"> · {lab.changed.value}</span>}
      </p>
      {lab.problems.value.length > 0 && (
        <p class="muted">The scenario cannot be run as it is; this is the last run that could.</p>
      )}
      {doubts.map((doubt) => (
        <p key={doubt} class="doubts">
          {doubt}
        </p>
      ))}
    </div>
  );
}

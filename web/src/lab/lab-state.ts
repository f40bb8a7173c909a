/**
 * The Lab: one plan of a run that form, text and timeline edit alike, each edit run at once, with
 * the run before as a ghost. Every edit can be undone; a plan that cannot be run leaves the last
 * good run where it is.
 */
import { computed, type Signal, signal } from '@preact/signals';
import { whatChanged } from '../../../src/lab/changes.js';
import { beginEdits, type Edits, edit, redo, undo } from '../../../src/lab/undo.js';
import type { Scenario } from '../../../src/scenario.js';
import type { RunPlan } from '../../../src/search/replay-code.js';
import { TraceModel } from '../../../src/timeline/model.js';
import type { Scene } from '../../../src/timeline/picture/scene.js';
import { ExploreState } from '../explore/explore-state.js';
import { PlanError } from '../simulator/client.js';
import { simulator } from '../simulator/index.js';
import type { Played } from '../simulator/protocol.js';
import { Superseded } from '../simulator/superseded.js';

let schema: typeof import('../../../src/schema/scenario.js') | undefined;

export interface Problem {
  readonly message: string;
  /** The field that it is about, if one is. */
  readonly option: string | undefined;
}

export class LabState {
  /** The last run that could be made, and the one that it is compared with. */
  readonly played: Signal<Played | undefined> = signal(undefined);
  readonly before: Signal<Played | undefined> = signal(undefined);
  readonly explore: Signal<ExploreState | undefined> = signal(undefined);
  /** The run that this one is compared with, as it was drawn. */
  readonly ghost: Signal<Scene | undefined> = signal(undefined);
  readonly problem: Signal<Problem | undefined> = signal(undefined);
  private readonly edits: Signal<Edits<RunPlan> | undefined> = signal(undefined);
  /** What is edited; it runs as soon as it changes. */
  readonly plan = computed(() => this.edits.value?.present);
  readonly canUndo = computed(() => (this.edits.value?.past.length ?? 0) > 0);
  readonly canRedo = computed(() => (this.edits.value?.future.length ?? 0) > 0);
  /** What the last edit changed, in one line. */
  readonly changed = computed(() => {
    const [before, after] = [this.before.value, this.played.value];
    return before === undefined || after === undefined ? undefined : whatChanged(before, after);
  });
  /** The gesture under way, and the run that it began from: that is the ghost until it ends. */
  private gesture:
    | {
        readonly name: string;
        readonly from: Played | undefined;
        readonly scene: Scene | undefined;
      }
    | undefined;

  /** Begins anew with a plan: nothing to undo, no ghost. */
  open(plan: RunPlan): void {
    this.played.value = undefined;
    this.before.value = undefined;
    this.explore.value = undefined;
    this.ghost.value = undefined;
    this.set(beginEdits(plan));
  }

  /** Puts another scenario in place of this one. All edits of one gesture are undone at once. */
  change(scenario: Scenario, gesture?: string): void {
    const { value: edits } = this.edits;
    if (edits === undefined) return;
    if (gesture === undefined) this.gesture = undefined;
    else if (this.gesture?.name !== gesture) {
      const scene = this.explore.value?.scene;
      this.gesture = { name: gesture, from: this.played.value, scene };
    }
    this.set(edit(edits, { ...edits.present, scenario }, gesture));
  }

  undo(): void {
    this.gesture = undefined;
    if (this.edits.value !== undefined) this.set(undo(this.edits.value));
  }

  redo(): void {
    this.gesture = undefined;
    if (this.edits.value !== undefined) this.set(redo(this.edits.value));
  }

  private set(edits: Edits<RunPlan>): void {
    this.edits.value = edits;
    void this.run(edits.present);
  }

  private async run(plan: RunPlan): Promise<void> {
    try {
      // Once it is there, the run is asked for at once, and made while the page shows the edit.
      schema ??= await import('../../../src/schema/scenario.js');
      schema.parseScenario('the scenario', JSON.stringify(plan.scenario));
      this.show(await simulator.play(plan));
    } catch (error) {
      if (error instanceof Superseded) return;
      const message = error instanceof Error ? error.message : String(error);
      const option = error instanceof PlanError ? error.option : fieldIn(message);
      this.problem.value = { message, option };
    }
  }

  /** The view stays where it is; only the run in it is another one. */
  private show(played: Played): void {
    const shown = this.explore.value;
    const explore = new ExploreState(new TraceModel(played.trace));
    if (shown !== undefined) explore.lookAs(shown);
    this.ghost.value = this.gesture?.scene ?? shown?.scene;
    this.before.value = this.gesture?.from ?? this.played.value;
    this.played.value = played;
    this.problem.value = undefined;
    this.explore.value = explore;
  }
}

/** The field that a sentence about a scenario names: `the scenario: ttlMs: expected …`. */
function fieldIn(message: string): string | undefined {
  return /^the scenario: (\w+)/.exec(message)?.[1];
}

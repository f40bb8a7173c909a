/**
 * The Lab: one plan of a run that form, text and timeline edit alike, each edit run at once, with
 * the run before as a ghost. Every edit can be undone; a plan that cannot be run leaves the last
 * good run where it is.
 */
import { computed, type Signal, signal } from '@preact/signals';
import { applyPatch, type Patch } from '../../../src/lessons/patch.js';
import type { RunPlan } from '../../../src/search/replay-code.js';
import { TraceModel } from '../../../src/timeline/model.js';
import { ExploreState } from '../explore/explore-state.js';
import { PlanError } from '../simulator/client.js';
import { simulator } from '../simulator/index.js';
import type { Played } from '../simulator/protocol.js';
import { Superseded } from '../simulator/superseded.js';

export interface Problem {
  readonly message: string;
  /** The field that it is about, if one is. */
  readonly option: string | undefined;
}

export class LabState {
  /** What is edited; it runs as soon as it changes. */
  readonly plan: Signal<RunPlan | undefined> = signal(undefined);
  /** The last run that could be made, and the one before it. */
  readonly played: Signal<Played | undefined> = signal(undefined);
  readonly before: Signal<Played | undefined> = signal(undefined);
  readonly explore: Signal<ExploreState | undefined> = signal(undefined);
  readonly problem: Signal<Problem | undefined> = signal(undefined);
  private readonly past: Signal<readonly RunPlan[]> = signal([]);
  private readonly future: Signal<readonly RunPlan[]> = signal([]);
  readonly canUndo = computed(() => this.past.value.length > 0);
  readonly canRedo = computed(() => this.future.value.length > 0);
  /** The run from which a drag began: it is the ghost until the drag ends. */
  private anchor: Played | undefined;

  /** Begins anew with a plan: nothing to undo, no ghost. */
  async open(plan: RunPlan): Promise<void> {
    this.past.value = [];
    this.future.value = [];
    this.played.value = undefined;
    this.before.value = undefined;
    this.explore.value = undefined;
    this.plan.value = plan;
    await this.run(plan);
  }

  edit(patch: Patch): void {
    const { value: plan } = this.plan;
    if (plan === undefined) return;
    try {
      this.change(applyPatch(plan, patch));
    } catch (error) {
      this.fail(error);
    }
  }

  /** Puts another plan in the place of this one; it can be undone. */
  change(next: RunPlan): void {
    const { value: plan } = this.plan;
    if (plan !== undefined) this.past.value = [...this.past.value, plan];
    this.future.value = [];
    this.plan.value = next;
    void this.run(next);
  }

  /** While something is dragged every step runs, and all of them together are one edit. */
  drag(next: RunPlan, isFirst: boolean): void {
    const { value: plan } = this.plan;
    if (isFirst && plan !== undefined) {
      this.past.value = [...this.past.value, plan];
      this.future.value = [];
      this.anchor = this.played.value;
    }
    this.plan.value = next;
    void this.run(next);
  }

  dropped(): void {
    this.anchor = undefined;
  }

  undo(): void {
    const last = this.past.value.at(-1);
    const { value: plan } = this.plan;
    if (last === undefined || plan === undefined) return;
    this.past.value = this.past.value.slice(0, -1);
    this.future.value = [plan, ...this.future.value];
    this.plan.value = last;
    void this.run(last);
  }

  redo(): void {
    const [next, ...later] = this.future.value;
    const { value: plan } = this.plan;
    if (next === undefined || plan === undefined) return;
    this.future.value = later;
    this.past.value = [...this.past.value, plan];
    this.plan.value = next;
    void this.run(next);
  }

  private async run(plan: RunPlan): Promise<void> {
    try {
      const played = await simulator.play(plan);
      if (this.plan.value !== plan && this.anchor === undefined) return;
      this.show(played);
    } catch (error) {
      if (!(error instanceof Superseded)) this.fail(error);
    }
  }

  /** The view stays where it is; only the run in it is another one. */
  private show(played: Played): void {
    const shown = this.explore.value;
    const explore = new ExploreState(new TraceModel(played.trace));
    if (shown !== undefined) explore.lookAs(shown);
    this.before.value = this.anchor ?? this.played.value;
    this.played.value = played;
    this.problem.value = undefined;
    this.explore.value = explore;
  }

  private fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const option = error instanceof PlanError ? error.option : undefined;
    this.problem.value = { message, option };
  }
}

/**
 * The scenario as a text that somebody types. A pause in typing is enough: a text without mistakes
 * is applied, as one edit of the Lab, and any other one stays a draft, with its mistakes marked,
 * while the last good run stays. What the Lab changes by other means — form, drag, undo — is
 * written into the text.
 */
import { batch, computed, effect, type Signal, signal } from '@preact/signals';
import type { Scenario } from '../../../src/scenario.js';
import { layoutOf, type Span, spanOf } from '../../../src/schema/json-places.js';
import type { LabState } from './lab-state.js';
import { type Problem, SCENARIO_NAME } from './problems.js';

/** Something that is wrong with the text, and what of it to mark, if it can be said. */
export interface TextProblem {
  readonly message: string;
  readonly span?: Span;
}

/** What of the Lab a text has to do with. */
export type EditedLab = Pick<LabState, 'plan' | 'problems' | 'change' | 'undo' | 'redo'>;

/** A text is looked at when nothing was typed for so long. */
const PAUSE_MS = 300;

export class Draft {
  readonly text: Signal<string> = signal('');
  /** Whether the Lab has what stands here. */
  readonly isApplied: Signal<boolean> = signal(true);
  /** What is wrong with the draft, or with how the lock takes what was applied. */
  readonly problems = computed(() => {
    if (!this.isApplied.value) return this.mistakes.value;
    return marked(this.text.value, this.lab.problems.value);
  });
  private readonly mistakes: Signal<readonly TextProblem[]> = signal([]);
  /** The scenario that the text stands for, as the Lab has it. */
  private written: Scenario | undefined;
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly lab: EditedLab) {
    effect(() => {
      const scenario = lab.plan.value?.scenario;
      if (scenario === undefined || scenario === this.written) return;
      clearTimeout(this.pause);
      this.agree(scenario);
      this.text.value = JSON.stringify(scenario, undefined, 2);
    });
  }

  /** Somebody typed: this is the text now. */
  typed(text: string): void {
    batch(() => {
      this.text.value = text;
      this.isApplied.value = false;
    });
    clearTimeout(this.pause);
    this.pause = setTimeout(() => void this.look(text), PAUSE_MS);
  }

  private agree(scenario: Scenario): void {
    this.written = scenario;
    this.mistakes.value = [];
    this.isApplied.value = true;
  }

  private async look(text: string): Promise<void> {
    const { readScenario } = await import('../../../src/schema/scenario.js');
    if (text !== this.text.peek()) return;
    const read = readScenario(SCENARIO_NAME, text);
    if ('problems' in read) {
      this.mistakes.value = marked(text, read.problems);
      return;
    }
    const present = readScenario(SCENARIO_NAME, JSON.stringify(this.written));
    const isNew = JSON.stringify(present) !== JSON.stringify(read);
    this.agree(isNew ? read.scenario : this.written!);
    if (isNew) this.lab.change(read.scenario);
  }
}

/** Each problem once for each place. */
function marked(text: string, problems: readonly Problem[]): TextProblem[] {
  const layout = layoutOf(text);
  const seen = new Set<string>();
  return problems.flatMap(({ message, path, about }) => {
    const where = JSON.stringify(path ?? message);
    if (seen.has(where)) return [];
    seen.add(where);
    if ('broken' in layout) return [{ message, span: layout.broken }];
    return [path === undefined ? { message } : { message, span: spanOf(layout.root, path, about) }];
  });
}

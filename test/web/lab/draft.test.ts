/** A text that is typed is applied when it has no mistakes, and never before. */
import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Scenario } from '../../../src/scenario.js';
import type { RunPlan } from '../../../src/search/replay-code.js';
import { Draft } from '../../../web/src/lab/draft.js';
import type { Problem } from '../../../web/src/lab/problems.js';
import { drawn, KEY } from '../../lab/played.js';

const FIRST = drawn('set-nx', 0, { faultClasses: [] });

class FakeLab {
  readonly plan = signal<RunPlan | undefined>({ scenario: FIRST, key: KEY });
  readonly problems = signal<readonly Problem[]>([]);
  readonly applied: Scenario[] = [];

  change(scenario: Scenario): void {
    this.applied.push(scenario);
    this.plan.value = { scenario, key: KEY };
  }

  undo(): void {}
  redo(): void {}
}

let lab: FakeLab;
let draft: Draft;
beforeEach(() => {
  vi.useFakeTimers();
  lab = new FakeLab();
  draft = new Draft(lab);
});
afterEach(() => {
  vi.useRealTimers();
});

/** Types and pauses. */
async function type(text: string): Promise<void> {
  draft.typed(text);
  await vi.advanceTimersByTimeAsync(300);
  await vi.dynamicImportSettled();
}

const textOf = (change: object) => JSON.stringify({ ...FIRST, ...change });
const said = () => draft.problems.value.map(({ message }) => message);

describe('a text', () => {
  it('says what the Lab has', () => {
    expect(JSON.parse(draft.text.value)).toEqual(FIRST);
    expect(draft.isApplied.value).toBe(true);
  });

  it('is applied after a pause, as it was written', async () => {
    draft.typed(textOf({ ttlMs: 1 }));
    await type(textOf({ ttlMs: 12 }));
    expect(lab.applied).toEqual([{ ...FIRST, ttlMs: 12 }]);
    expect(draft.text.value).toBe(textOf({ ttlMs: 12 }));
    expect(draft.isApplied.value).toBe(true);
  });

  it('that only looks different is no edit', async () => {
    await type(` ${textOf({})} `);
    expect(lab.applied).toEqual([]);
    expect(draft.isApplied.value).toBe(true);
  });

  it('with mistakes is not applied, each place is marked once, and it is once they are mended', async () => {
    await type(textOf({ ttlMs: -1.5, waitMs: 'x' }));
    expect(lab.applied).toEqual([]);
    expect(draft.isApplied.value).toBe(false);
    expect(said()).toHaveLength(2);
    expect(
      draft.problems.value.map(({ span }) => draft.text.value.slice(span!.from, span!.until)),
    ).toEqual(['-1.5', '"x"']);
    await type('{');
    expect(said()).toEqual([expect.stringMatching(/^the scenario is no JSON: /)]);
    await type(textOf({ ttlMs: 9 }));
    expect(said()).toEqual([]);
    expect(lab.applied).toEqual([{ ...FIRST, ttlMs: 9 }]);
  });
});

describe('what the Lab does', () => {
  it('by other means is written into the text, in place of a draft', async () => {
    await type('{');
    draft.typed('{}');
    lab.plan.value = { scenario: { ...FIRST, ttlMs: 7 }, key: KEY };
    await vi.advanceTimersByTimeAsync(1_000);
    expect(JSON.parse(draft.text.value)).toEqual({ ...FIRST, ttlMs: 7 });
    expect(said()).toEqual([]);
    expect(lab.applied).toEqual([]);
  });

  it('says of what was applied is marked where it stands', () => {
    lab.problems.value = [{ message: 'no', path: ['ttlMs'] }, { message: 'not at all' }];
    const [first, second] = draft.problems.value;
    expect(draft.text.value.slice(first!.span!.from, first!.span!.until)).toBe(String(FIRST.ttlMs));
    expect(second).toEqual({ message: 'not at all' });
  });
});

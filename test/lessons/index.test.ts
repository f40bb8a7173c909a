/**
 * Every lesson, run: what its texts name is in the run, its questions have one right answer, its
 * tasks can be solved by what they offer and are not solved to begin with.
 */
import { describe, expect, it } from 'vitest';
import { atUsOf, rowOf, told } from '../../src/lessons/anchor.js';
import { CATALOGUE, FIRST_PATH, permalink } from '../../src/lessons/catalogue.js';
import type { Ask, Step } from '../../src/lessons/lesson.js';
import { isOffered } from '../../src/lessons/offer.js';
import type { Facts } from '../../src/lessons/predicates.js';
import { lessons } from './all.js';
import { ANSWERS, LINKS } from './answers.js';
import { factsOf, planOf } from './running.js';

const WORDS_MAX = 60;

const steps = lessons.flatMap((lesson) =>
  lesson.steps.map((step, at) => ({ link: permalink(lesson, at + 1), lesson, step })),
);
const asking = steps.flatMap(({ step, ...rest }) =>
  step.ask === undefined ? [] : [{ ...rest, step, ask: step.ask }],
);
const tasks = steps.flatMap(({ step, ...rest }) =>
  step.task === undefined ? [] : [{ ...rest, step, task: step.task }],
);

/** Every sentence of a step, and the facts that it is about. */
function textsOf({ say, ask, task }: Step): string[] {
  const asked = ask === undefined ? [] : [ask.question, ...optionsOf(ask), ask.why];
  return [say, ...asked, ...(task === undefined ? [] : [task.says, ...task.hints])];
}

const optionsOf = ({ options }: Ask) => options.map(({ text }) => text);
const rightOf = ({ options }: Ask, facts: Facts) =>
  options.flatMap(({ holds }, at) => (holds(facts) ? [at] : []));

describe('the lessons', () => {
  it('have ids of their own, made of words and hyphens', () => {
    const ids = lessons.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it('need only what comes before them', () => {
    const before = new Set<string>();
    for (const { id, needs = [] } of lessons) {
      for (const needed of needs) expect(before, id).toContain(needed);
      before.add(id);
    }
  });

  it('begin with six that take 20 minutes', () => {
    expect(FIRST_PATH).toHaveLength(6);
    expect(FIRST_PATH.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(20);
  });

  it('are in the catalogue as they are', () => {
    const told = lessons.map(({ id, title, minutes, steps: all }) => ({
      id,
      title,
      minutes,
      tries: all.flatMap(({ ask, task }, at) => ((ask ?? task) ? [at + 1] : [])),
    }));
    expect(CATALOGUE.map(({ load: _load, ...entry }) => entry)).toEqual(told);
  });

  it('are found under permalinks that stay', () => {
    expect(steps.map(({ link }) => link)).toEqual(LINKS);
  });

  it('end with something to do', () => {
    for (const { id, steps: all } of lessons) expect(all.at(-1)?.task, id).toBeDefined();
  });

  it('ask in one step and let do in another: an edit changes what is right', () => {
    const both = steps.filter(({ step: { ask, task } }) => ask !== undefined && task !== undefined);
    expect(both).toEqual([]);
  });

  it('have as many right answers as questions', () => {
    expect(Object.keys(ANSWERS).sort()).toEqual(asking.map(({ link }) => link).sort());
  });
});

describe.each(steps)('$link', ({ lesson, step }) => {
  it('names only events that its run has', async () => {
    const { model } = await factsOf(lesson, step);
    const { at, zoom = [], ask } = step;
    for (const anchor of [at, ...zoom, ask?.hides]) {
      if (anchor !== undefined) expect(rowOf(anchor, model), JSON.stringify(anchor)).toBeDefined();
    }
    if (step.zoom === undefined) return;
    const [from, until] = step.zoom.map((anchor) => atUsOf(anchor, model));
    for (const anchor of [at, ask?.hides]) {
      if (anchor === undefined) continue;
      expect(atUsOf(anchor, model), 'is in sight').toBeGreaterThanOrEqual(from!);
      expect(atUsOf(anchor, model), 'is in sight').toBeLessThan(until!);
    }
  });

  it('says one thing in few words, with all that it names filled in', async () => {
    const facts = await factsOf(lesson, step);
    for (const text of textsOf(step)) {
      const words = told(text, step.values ?? {}, facts);
      expect(words.split(/\s+/).length, words).toBeLessThanOrEqual(WORDS_MAX);
    }
    const named = textsOf(step).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)]);
    const used = new Set(named.map(([, name]) => name));
    expect([...used].sort()).toEqual(Object.keys(step.values ?? {}).sort());
  });
});

const claiming = steps.filter(({ step }) => step.claims !== undefined);

it.each(claiming)('what $link says of its run is so', async ({ lesson, step }) => {
  const facts = await factsOf(lesson, step);
  expect(step.claims!.map((claim) => claim(facts))).toEqual(step.claims!.map(() => true));
});

describe.each(asking)('the question of $link', ({ link, lesson, step, ask }) => {
  it('has two to four answers, and the right one is right', async () => {
    expect(ask.options.length).toBeGreaterThanOrEqual(2);
    expect(ask.options.length).toBeLessThanOrEqual(4);
    const facts = await factsOf(lesson, step);
    expect(rightOf(ask, facts)).toEqual([ANSWERS[link]]);
  });
});

describe.each(tasks)('the task of $link', ({ lesson, step, task }) => {
  it('is not solved to begin with', async () => {
    expect(task.goal(await factsOf(lesson, step))).toBe(false);
  });

  it('is solved by its solution, which edits only what is offered', async () => {
    const plan = planOf(lesson, step);
    const edits = task.solution.map((edit) => isOffered(task.offers, plan, edit));
    expect(edits).toEqual(task.solution.map(() => true));
    expect(task.goal(await factsOf(lesson, step, task.solution))).toBe(true);
  });

  it('has two or three hints', () => {
    expect(task.hints.length).toBeGreaterThanOrEqual(2);
    expect(task.hints.length).toBeLessThanOrEqual(3);
    expect(new Set(task.hints).size).toBe(task.hints.length);
  });
});

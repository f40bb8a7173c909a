/**
 * What a learner has done: answers and tasks, kept in the browser so that a step can be left and
 * found again. Nothing is sent anywhere.
 */
import { signal } from '@preact/signals';
import type { Entry } from '../../../src/lessons/catalogue.js';
import type { Step } from '../../../src/lessons/lesson.js';

const STORE = 'holdfast-lessons';

/** Steps that are done, as `lesson/step`. */
const done = signal<ReadonlySet<string>>(new Set(read()));

function read(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORE) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

export function markDone({ id }: Pick<Entry, 'id'>, step: number): void {
  done.value = new Set([...done.value, `${id}/${step}`]);
  try {
    localStorage.setItem(STORE, JSON.stringify([...done.value]));
  } catch {
    // A browser that keeps nothing still teaches.
  }
}

export function isDone({ id }: Pick<Entry, 'id'>, step: number): boolean {
  return done.value.has(`${id}/${step}`);
}

/** Whether a step asks for something: then it is done by the learner, else by being read. */
export function asks({ ask, task }: Step): boolean {
  return ask !== undefined || task !== undefined;
}

/** Share of a lesson's questions and tasks that are done. */
export function progressOf(entry: Entry): { readonly done: number; readonly of: number } {
  const { tries } = entry;
  return { done: tries.filter((step) => isDone(entry, step)).length, of: tries.length };
}

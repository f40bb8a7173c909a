/** A lesson: what is said at the left, the run it is about at the right. */
import { effect, useComputed, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { rowOf, told } from '../../../src/lessons/anchor.js';
import { CATALOGUE, permalink } from '../../../src/lessons/catalogue.js';
import type { Lesson, Step } from '../../../src/lessons/lesson.js';
import { applyPatch, type Patch } from '../../../src/lessons/patch.js';
import { LAYERS, type Layers } from '../../../src/timeline/picture/layers.js';
import { Controls } from '../explore/controls.js';
import { ExploreState } from '../explore/explore-state.js';
import { layersNamed, layersText } from '../explore/layers-address.js';
import { Timeline } from '../explore/timeline.js';
import { Superseded } from '../simulator/superseded.js';
import { addressOf, go, note, parseRoute, route } from '../state/route.js';
import { Ask } from './ask.js';
import { asks, isDone, markDone } from './course.js';
import './learn.css';
import { LessonList } from './lesson-list.js';
import { type LessonRun, runOf } from './running.js';
import { Task } from './task.js';

/** `#/learn`, `#/learn/<lesson>/<step>`. */
export function LearnPage() {
  const [, id = '', step = '1'] = route.value.path.split('/');
  const entry = CATALOGUE.find((one) => one.id === id);
  const lesson = useSignal<Lesson | undefined>(undefined);
  useEffect(() => {
    void entry?.load().then((loaded) => {
      lesson.value = loaded;
    });
  }, [entry]);
  if (id === '') return <LessonList />;
  if (entry === undefined) {
    return <p role="alert">There is no lesson {id}: the list has them all, under Learn.</p>;
  }
  const shown = lesson.value;
  if (shown?.id !== id) return null;
  const number = Number(step);
  const at = Number.isInteger(number) && shown.steps[number - 1] !== undefined ? number : 1;
  return <LessonPage key={`${id}/${at}`} lesson={shown} number={at} />;
}

interface Props {
  readonly lesson: Lesson;
  readonly number: number;
}

function LessonPage({ lesson, number }: Props) {
  const step = lesson.steps[number - 1]!;
  const patch = useSignal<Patch>([]);
  const run = useSignal<LessonRun | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  useEffect(() => {
    const base = applyPatch(lesson.start, step.plan ?? []);
    runOf(applyPatch(base, patch.value))
      .then((made) => {
        run.value = made;
        problem.value = undefined;
        if (!asks(step) || step.task?.goal(made)) markDone(lesson, number);
      })
      .catch((error: unknown) => {
        if (error instanceof Superseded) return;
        problem.value = error instanceof Error ? error.message : String(error);
      });
  }, [lesson, number, patch.value]);
  const made = run.value;
  const state = useShown(made, lesson, number);
  const answered = useSignal(isDone(lesson, number));
  const hidden = useComputed(() => {
    const ask = step.ask;
    if (ask === undefined || answered.value || run.value === undefined) return undefined;
    const row = rowOf(ask.hides, run.value.model);
    return row === undefined ? undefined : run.value.model.atUs[row];
  });
  return (
    <main class="lesson">
      <article>
        <StepList lesson={lesson} number={number} />
        {made !== undefined && (
          <>
            <p class="say">{filled(step.say, step, made)}</p>
            {step.ask !== undefined && (
              <Ask
                ask={step.ask}
                run={made}
                fill={(text) => filled(text, step, made)}
                answered={answered}
                onRight={() => markDone(lesson, number)}
              />
            )}
            {step.task !== undefined && (
              <Task
                task={step.task}
                run={made}
                fill={(text) => filled(text, step, made)}
                patch={patch}
              />
            )}
          </>
        )}
        {problem.value !== undefined && <p role="alert">{problem.value}</p>}
        <Moves lesson={lesson} number={number} />
        {made !== undefined && (
          <p>
            <a href={addressOf('x', { run: made.replay })}>Explore this run</a>
          </p>
        )}
      </article>
      {state !== undefined && (
        <div class="stage-of-lesson">
          <Controls state={state} />
          <Timeline state={state} hiddenFromUs={hidden.value} />
        </div>
      )}
    </main>
  );
}

/** What is shown of a run. Other layers than those of the step are part of its address. */
function useShown(made: LessonRun | undefined, lesson: Lesson, number: number) {
  const step = lesson.steps[number - 1]!;
  const state = useMemo(() => (made === undefined ? undefined : stateOf(made, step)), [made, step]);
  useEffect(() => {
    if (state === undefined) return;
    const { path } = parseRoute(permalink(lesson, number));
    const first = layersOf(step);
    return effect(() => note(addressOf(path, { show: layersText(state.layers.value, first) })));
  }, [state]);
  return state;
}

function layersOf({ show = LAYERS }: Step): Layers {
  return new Set(show);
}

/** Opened at what the step is about. */
function stateOf({ model }: LessonRun, step: Step): ExploreState {
  const { at, zoom } = step;
  const state = new ExploreState(model);
  state.layers.value = layersNamed(parseRoute(location.hash).parameters, layersOf(step));
  state.showAll();
  const [from, until] = (zoom ?? []).map((anchor) => rowOf(anchor, model));
  if (from !== undefined && until !== undefined) state.frame([from, until]);
  const row = at === undefined ? undefined : rowOf(at, model);
  if (row !== undefined) state.chooseRow(row);
  return state;
}

/** A learner's edit may leave nothing to measure: then the text says so in place of a number. */
function filled(text: string, { values = {} }: Step, run: LessonRun): string {
  try {
    return told(text, values, run);
  } catch {
    return text.replace(/\{[^}]*\}/g, '…');
  }
}

function StepList({ lesson, number }: Props) {
  return (
    <nav aria-label="Steps of the lesson">
      <h2>{lesson.title}</h2>
      <ol class="steps">
        {lesson.steps.map((step, index) => (
          <li key={permalink(lesson, index + 1)}>
            <a
              href={permalink(lesson, index + 1)}
              aria-current={index + 1 === number ? 'step' : undefined}
              aria-label={nameOf(step, index + 1, isDone(lesson, index + 1))}
            >
              {index + 1}
              {isDone(lesson, index + 1) ? ' ✓' : ''}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** `Step 3, a question, done`. */
function nameOf({ task, ask }: Step, number: number, done: boolean): string {
  const kind = task !== undefined ? ', a task' : ask !== undefined ? ', a question' : '';
  return `Step ${number}${kind}${done ? ', done' : ''}`;
}

function Moves({ lesson, number }: Props) {
  const next = CATALOGUE[CATALOGUE.findIndex(({ id }) => id === lesson.id) + 1];
  const isLast = number === lesson.steps.length;
  return (
    <p class="moves">
      <button
        type="button"
        disabled={number === 1}
        onClick={() => go(permalink(lesson, number - 1))}
      >
        Back
      </button>
      {!isLast && (
        <button type="button" onClick={() => go(permalink(lesson, number + 1))}>
          Next
        </button>
      )}
      {isLast && next !== undefined && (
        <button type="button" onClick={() => go(permalink(next, 1))}>
          Next lesson: {next.title}
        </button>
      )}
      {isLast && next === undefined && <a href="#/learn">All lessons</a>}
    </p>
  );
}

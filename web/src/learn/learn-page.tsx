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
import { LegendBelow } from '../explore/legend-below.js';
import { Timeline } from '../explore/timeline.js';
import { Loaded } from '../parts/loaded.js';
import { Superseded } from '../simulator/superseded.js';
import { addressOf, go, note, parseRoute, route } from '../state/route.js';
import { asks, isDone, markDone } from './course.js';
import './learn.css';
import { type LessonRun, runOf } from './running.js';

const lessonList = async () => (await import('./lesson-list.js')).LessonList;
const ask = async () => (await import('./ask.js')).Ask;
const task = async () => (await import('./task.js')).Task;

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
  if (id === '') return <Loaded load={lessonList} props={{}} />;
  if (entry === undefined) {
    return <p role="alert">There is no lesson {id}: the list has them all, under Learn.</p>;
  }
  const shown = lesson.value;
  if (shown?.id !== id) return null;
  const number = Number(step);
  if (shown.steps[number - 1] === undefined) {
    return (
      <main class="lesson">
        <p role="alert">
          “{shown.title}” has no step {step}, but {shown.steps.length} steps:{' '}
          <a href={permalink(shown, 1)}>begin with the first</a>.
        </p>
      </main>
    );
  }
  return <LessonPage key={`${id}/${number}`} lesson={shown} number={number} />;
}

/** Whoever went on by a button goes on with the text of the step, not with nothing. */
let hasMoved = false;

function move(address: string): void {
  hasMoved = true;
  go(address);
}

function takeFocus(say: HTMLElement | null): void {
  if (say === null || !hasMoved) return;
  hasMoved = false;
  say.focus();
}

interface Props {
  readonly lesson: Lesson;
  readonly number: number;
}

function LessonPage({ lesson, number }: Props) {
  const step = lesson.steps[number - 1]!;
  const patch = useSignal<Patch>([]);
  const run = useSignal<LessonRun | undefined>(undefined);
  /** The run of the step before any edit: texts and hints are about that one. */
  const given = useSignal<LessonRun | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  useEffect(() => {
    const base = applyPatch(lesson.start, step.plan ?? []);
    runOf(applyPatch(base, patch.value))
      .then((made) => {
        run.value = made;
        given.value ??= made;
        problem.value = undefined;
        if (!asks(step) || step.task?.goal(made)) markDone(lesson, number);
      })
      .catch((error: unknown) => {
        if (error instanceof Superseded) return;
        problem.value = error instanceof Error ? error.message : String(error);
      });
  }, [lesson, number, patch.value]);
  const made = run.value;
  const fill = (text: string) => told(text, step.values ?? {}, given.value ?? made!);
  const state = useShown(made, lesson, number);
  const answered = useSignal(isDone(lesson, number));
  const onAnswered = () => markDone(lesson, number);
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
            <p class="say" tabIndex={-1} ref={takeFocus}>
              {fill(step.say)}
            </p>
            {step.ask !== undefined && (
              <Loaded load={ask} props={{ ask: step.ask, run: made, fill, answered, onAnswered }} />
            )}
            {step.task !== undefined && (
              <Loaded load={task} props={{ task: step.task, run: made, fill, patch }} />
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
          <LegendBelow models={[state.model]} isVeiled={hidden.value !== undefined} />
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
    <>
      {isLast && lesson.source !== undefined && <p class="muted">To read on: {lesson.source}</p>}
      <p class="moves">
        <button
          type="button"
          disabled={number === 1}
          onClick={() => move(permalink(lesson, number - 1))}
        >
          Back
        </button>
        {!isLast && (
          <button type="button" onClick={() => move(permalink(lesson, number + 1))}>
            Next
          </button>
        )}
        {isLast && next !== undefined && (
          <button type="button" onClick={() => move(permalink(next, 1))}>
            Next lesson: {next.title}
          </button>
        )}
        {isLast && next === undefined && <a href="#/learn">All lessons</a>}
      </p>
    </>
  );
}

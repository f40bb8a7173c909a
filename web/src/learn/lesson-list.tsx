/** All lessons, the first path in front. */
import { CATALOGUE, type Entry, FIRST_PATH, permalink } from '../../../src/lessons/catalogue.js';
import { progressOf } from './course.js';

export function LessonList() {
  const rest = CATALOGUE.filter((lesson) => !FIRST_PATH.includes(lesson));
  const minutes = FIRST_PATH.reduce((sum, lesson) => sum + lesson.minutes, 0);
  return (
    <main class="lessons">
      <h2>Begin here: {minutes} minutes</h2>
      <p>
        Six lessons from what a lock is to why a lease is not enough. You predict, then you see;
        each ends with something to do.
      </p>
      <List lessons={FIRST_PATH} />
      <h2>And on</h2>
      <List lessons={rest} />
    </main>
  );
}

function List(props: { readonly lessons: readonly Entry[] }) {
  return (
    <ol class="course" start={CATALOGUE.indexOf(props.lessons[0]!) + 1}>
      {props.lessons.map((lesson) => {
        const { done, of } = progressOf(lesson);
        return (
          <li key={lesson.id}>
            <a href={permalink(lesson, 1)}>{lesson.title}</a>{' '}
            <span class="muted">
              {lesson.minutes} minutes
              {done === 0 ? '' : done === of ? ', done ✓' : `, ${done} of ${of} done`}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

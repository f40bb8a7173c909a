/** The first page: what this is, and where to begin. */
import { FIRST_PATH, permalink } from '../../../src/lessons/catalogue.js';

const minutes = FIRST_PATH.reduce((sum, lesson) => sum + lesson.minutes, 0);

export function FirstPage() {
  return (
    <main class="first">
      <p class="lead">Does your lock hold fast?</p>
      <p>
        A run of a distributed lock under faults, drawn: who truly held it, who believed so, and the
        moment at which the two came apart.
      </p>
      <ul>
        <li>
          <a href={permalink(FIRST_PATH[0]!, 1)}>Learn</a>: six lessons, {minutes} minutes, from
          what a lock is to why a lease is not enough
        </li>
        <li>
          <a href="#/lab">Lab</a>: drag a pause, lose a message, change the lock, and see what
          breaks
        </li>
        <li>
          <a href="#/x">Explore</a>: open a trace of your own
        </li>
        <li>
          <a href="#/cmp">Compare</a> two runs, or look at the <a href="#/matrix">matrix</a> of
          locks and faults
        </li>
        <li>
          <a href="#/conformance">Conformance</a>: what happened of all that on real servers
        </li>
      </ul>
    </main>
  );
}

/** The first page: what this is, and where to begin. */
import { useEffect } from 'preact/hooks';
import { go } from '../state/route.js';
import { hasTrace } from '../state/traces.js';

export function FirstPage() {
  useEffect(() => {
    // A page that came with a run opens it.
    void hasTrace().then((has) => {
      if (has) go('#/x');
    });
  }, []);
  return (
    <main class="first">
      <p class="lead">Does your lock hold fast?</p>
      <p>
        A run of a distributed lock under faults, drawn: who truly held it, who believed so, and the
        moment at which the two came apart.
      </p>
    </main>
  );
}

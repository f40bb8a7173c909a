/** The locks of a report on several: what came of each, and a link to its runs. */
import type { PropertyReport } from '../../../src/report.js';
import type { ReportedLock } from '../../../src/timeline/report-document.js';
import { signOf } from './summary.js';

interface Props {
  readonly locks: readonly ReportedLock[];
  readonly shown: ReportedLock;
}

export function LockList({ locks, shown }: Props) {
  return (
    <nav class="locks" aria-label="Locks">
      <ul>
        {locks.map((one) => {
          const { algorithm, properties, flawed } = one.lock;
          return (
            <li key={algorithm}>
              <a
                href={`#/${encodeURIComponent(algorithm)}`}
                aria-current={one === shown ? 'true' : undefined}
              >
                {algorithm}
              </a>{' '}
              <span class="muted">
                {flawed && 'flawed on purpose; '}
                {brokenWords(properties)}
              </span>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function brokenWords(properties: readonly PropertyReport[]): string {
  const broken = properties.filter(({ verdict }) => verdict === 'invalid');
  if (broken.length === 0) return '✓ nothing broke';
  return broken.map((one) => `${signOf(one)} ${one.property}`).join(', ');
}

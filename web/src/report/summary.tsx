/** What was checked of a lock, and the verdict on each property. */
import type { LockReport, PropertyReport } from '../../../src/report.js';
import { plural } from '../../../src/story/words.js';

export function Summary({ lock }: { readonly lock: LockReport }) {
  const { configuration, runs, properties, verdict } = lock;
  return (
    <section class="summary" aria-label="Verdicts">
      <p>
        <b>{lock.flawed ? 'flawed on purpose' : verdict}</b>: {runs} runs of{' '}
        {configuration.workload} under {configuration.faultClasses.join(', ')};{' '}
        {plural(configuration.servers.length, 'server')}, TTL {configuration.ttlMs} ms,{' '}
        {configuration.clients} clients
      </p>
      <ul>
        {properties.map((property) => (
          <li key={property.property}>
            <span aria-hidden="true">{signOf(property)}</span> {property.property}:{' '}
            {wordsOf(property)}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** `!` is a violation that the lock's claims accept. */
export function signOf({
  verdict,
  expected,
}: Pick<PropertyReport, 'verdict' | 'expected'>): string {
  if (verdict === 'invalid') return expected === true ? '!' : '✗';
  return verdict === 'valid' ? '✓' : verdict === 'unknown' ? '?' : '–';
}

function wordsOf({ verdict, class: found, expected, reason }: PropertyReport): string {
  const what = found === undefined ? verdict : `${verdict}, ${found}`;
  const claimed = expected === true ? ', as claimed' : '';
  return `${what}${claimed}${reason === undefined ? '' : `: ${reason}`}`;
}

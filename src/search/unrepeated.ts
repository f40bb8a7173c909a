/**
 * Violations of a lock that does not repeat: one that shows only where earlier runs left something
 * behind may be of the simulation's making, in which all clients and all runs are one process
 * (docs/semantics.md, D15).
 */
import type { LockReport, PropertyReport } from '../report.js';
import { plural } from '../story/words.js';

/** What has a verdict that follows from those of its properties. */
type Judged = Pick<LockReport, 'verdict' | 'properties'>;

/**
 * The report without the violations that do not show again: their properties are unknown.
 *
 * @param showsAgain whether the smallest run of a violation shows it where nothing ran before; one
 *   that has no smallest run did not even show again.
 */
export async function withoutUnrepeated(
  report: LockReport,
  showsAgain: (violation: PropertyReport) => Promise<boolean>,
): Promise<LockReport> {
  const again = async <T extends Judged>(judged: T): Promise<T> => {
    const properties: PropertyReport[] = [];
    for (const one of judged.properties) {
      const isKept = one.verdict !== 'invalid' || (await showsAgain(one));
      properties.push(isKept ? one : unknown(one));
    }
    const isBroken = report.lost.length > 0 || properties.some(isUnexpected);
    const verdict = judged.verdict === 'invalid' && !isBroken ? 'unknown' : judged.verdict;
    return { ...judged, properties, verdict };
  };
  const whole = await again(report);
  if (report.perClass === undefined) return whole;
  const perClass = [];
  for (const one of report.perClass) perClass.push(await again(one));
  return { ...whole, perClass };
}

function isUnexpected({ verdict, expected }: PropertyReport): boolean {
  return verdict === 'invalid' && expected !== true;
}

function unknown({ property, violations = 0, counterexample }: PropertyReport): PropertyReport {
  const broke = `${plural(violations, 'run')} broke it`;
  const again =
    counterexample === undefined
      ? 'and did not when made again'
      : 'but not the smallest of them where no run was made before';
  return { property, verdict: 'unknown', reason: `${broke}, ${again}` };
}

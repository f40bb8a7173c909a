/**
 * Makes the counterexamples of a lock that does not repeat once more, each in a thread of its own,
 * where no run was made before (docs/semantics.md, D15). Whoever is told of one can replay it.
 */
import type { Finding } from '../finding.js';
import type { LockReport } from '../report.js';
import { withoutUnrepeated } from '../search/unrepeated.js';
import { type SingleRunReport, UsageError } from './engine-api.js';
import { NotYielding, Thread } from './thread.js';

/** The report on the lock in a file, without the violations that no fresh thread shows. */
export async function onlyRepeated(
  report: LockReport,
  lockFile: string,
  stop: AbortSignal,
): Promise<LockReport> {
  if (repeats(report) || goesByLuck(report.findings)) return report;
  const made = new Map<string, Promise<SingleRunReport | undefined>>();
  return withoutUnrepeated(report, async ({ property, class: name, counterexample }) => {
    if (counterexample === undefined) return false;
    // Whoever has stopped is told what was found.
    if (stop.aborted) return true;
    const { replay } = counterexample;
    const run = made.get(replay) ?? replayed(replay, lockFile);
    made.set(replay, run);
    return (await run)?.properties.some(isSame) ?? true;

    function isSame(one: SingleRunReport['properties'][number]): boolean {
      return one.property === property && one.verdict === 'invalid' && one.class === name;
    }
  });
}

function repeats({ findings }: LockReport): boolean {
  return findings.every(({ kind }) => kind !== 'not-deterministic');
}

/** Whether it asks the host for numbers: what those made it do it can do (D8). */
function goesByLuck(findings: readonly Finding[]): boolean {
  return findings.some(({ kind, isOfTime }) => kind === 'host-clock' && isOfTime === undefined);
}

/** What the run does in a thread of its own; `undefined` if it does not come to its end. */
async function replayed(code: string, lockFile: string): Promise<SingleRunReport | undefined> {
  const thread = new Thread();
  try {
    const request = { code, lockFile, trace: false };
    return await thread.ask<SingleRunReport>({ kind: 'replay', request });
  } catch (error) {
    if (!(error instanceof NotYielding || error instanceof UsageError)) throw error;
    return undefined;
  } finally {
    await thread.end();
  }
}

/**
 * Why a run says less than its verdicts do: the code under test misbehaved, a limit ended it, or
 * the lock refused everybody, so that there was nothing to break.
 */
import type { Finding } from '../finding.js';
import { reasonOf } from '../story/reasons.js';
import type { TraceModel } from '../timeline/model.js';

/** One sentence for each doubt; none if the verdicts can be taken as they are. */
export function doubtsOf(model: TraceModel, findings: readonly Finding[]): string[] {
  const { limit } = model.file.meta;
  const refusal = refusalOfAll(model);
  return [
    ...new Set(findings.map(({ message }) => message)),
    ...(limit === undefined ? [] : [`a limit ended the run: ${limit}`]),
    ...(refusal === undefined ? [] : [`nobody got the lock: ${refusal}`]),
  ];
}

/** Why the first acquire was not granted, if none of them was; the probe comes after the faults. */
function refusalOfAll(model: TraceModel): string | undefined {
  const probe = model.file.hosts.find(({ kind }) => kind === 'probe')?.id;
  let first: string | undefined;
  for (let row = 0; row < model.rows; row++) {
    const record = model.record(row);
    if (record.type !== 'ok' && record.type !== 'fail' && record.type !== 'info') continue;
    if (record.action !== 'acquire' || record.client === probe) continue;
    if (record.type === 'ok') return undefined;
    first ??= reasonOf(record);
  }
  return first;
}

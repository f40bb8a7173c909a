/** What caused a record, where the history says it: the row to which an arrow goes back. */
import { type HistoryIndex, NONE } from '../checkers/sections.js';
import type { Tale } from '../story/narrative/tale.js';

/** Index of the record that caused the one at `row`; `undefined` if none is known. */
export function causeOf({ index, leases }: Tale, row: number): number | undefined {
  const record = index.records[row]!;
  switch (record.type) {
    case 'ok':
    case 'fail':
    case 'info':
      return existing(invocationOf(index, record.call));
    case 'acked':
    case 'lease-end':
      return existing(leases.get(record.lease)?.applied);
    case 'lease':
      return existing(leases.get(record.lease)?.grant?.acquire.invoked);
    case 'enter':
    case 'told':
    case 'release-sent':
    case 'validity':
      return existing(index.grantById.get(record.grant)?.acquire.completed);
    case 'step':
    case 'exit':
      return existing(index.grantById.get(record.grant)?.enter);
    case 'access':
      return existing(stepBefore(index, row, record.grant));
    case 'host':
      return record.state === 'resumed' || record.state === 'restarted'
        ? existing(hostBefore(index, row, record.host))
        : undefined;
    default:
      return undefined;
  }
}

function invocationOf(index: HistoryIndex, call: number): number | undefined {
  return index.calls.find(({ invocation }) => invocation.call === call)?.invoked;
}

function existing(row: number | undefined): number | undefined {
  return row === undefined || row === NONE ? undefined : row;
}

/** The step with which an access left: accesses of a grant arrive in the order they left. */
function stepBefore(index: HistoryIndex, row: number, grant: number): number | undefined {
  let nth = 0;
  for (const at of index.accesses) {
    if (at >= row) break;
    const record = index.records[at]!;
    if (record.type === 'access' && record.grant === grant) nth++;
  }
  const steps = (index.grantById.get(grant)?.acts ?? []).filter((at) => {
    const record = index.records[at]!;
    return record.type === 'step' && record.grant === grant && record.access !== undefined;
  });
  const step = steps[nth];
  return step !== undefined && step < row ? step : undefined;
}

function hostBefore(index: HistoryIndex, row: number, host: string): number | undefined {
  return (index.hostStates.get(host) ?? []).filter((at) => at < row).at(-1);
}

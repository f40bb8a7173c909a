/**
 * What acquires write under names that tell of no lease: nobody can see from outside that such a
 * key is the lock. If a run has grants and no lease at all, one of these writes says why
 * (docs/semantics.md, R1; docs/decisions/0022). The code under test never sees it.
 */
import type { OperationId } from '../../fault.js';
import type { HistoryRecord, UnseenWrite } from '../../history.js';
import type { Request } from '../connection.js';

export class UnseenWrites {
  /** The first of each acquire. */
  private readonly byOperation = new Map<OperationId, UnseenWrite>();

  /** A request left something behind that is taken for no lease. */
  note(write: UnseenWrite, { action, operation }: Request): void {
    if (action !== 'acquire' || this.byOperation.has(operation)) return;
    this.byOperation.set(operation, write);
  }

  /** The first write of an acquire that was granted, if no lease of the run was seen. */
  ofGranted(
    granted: ReadonlyMap<OperationId, unknown>,
    records: readonly HistoryRecord[],
  ): UnseenWrite | undefined {
    if (this.byOperation.size === 0 || records.some(({ type }) => type === 'lease')) {
      return undefined;
    }
    for (const [operation, write] of this.byOperation) if (granted.has(operation)) return write;
    return undefined;
  }
}

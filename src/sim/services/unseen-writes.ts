/**
 * What acquires write that tells of no lease: nobody can see from outside that such a key is the
 * lock. If one of them was granted and no lease of its own is there, its write says why
 * (docs/semantics.md, R1; docs/decisions/0022). The code under test never sees it.
 */
import type { OperationId } from '../../fault.js';
import type { HistoryRecord, UnseenWrite } from '../../history.js';
import type { Request } from '../connection.js';
import type { SideKeys } from './side-keys.js';

/** What a key is that says nothing against a lease beside it: a name, a number, a plain note. */
const MODEST: ReadonlySet<string | undefined> = new Set([undefined, 'count', 'string', 'hash']);

export class UnseenWrites {
  /** The first of each acquire; one that only counts is said if there is no other. */
  private readonly byOperation = new Map<OperationId, UnseenWrite>();

  /** A request changed something that is taken for no lease. */
  note(write: UnseenWrite, { operation }: Request): void {
    const known = this.byOperation.get(operation);
    if (known === undefined || rank(write) > rank(known)) this.byOperation.set(operation, write);
  }

  /**
   * The write of an acquire that was granted, of which no lease was seen. A lease that is doubtful
   * is none if its acquire also changed a list or a set: that may be the lock.
   */
  ofGranted(
    granted: ReadonlyMap<OperationId, unknown>,
    records: readonly HistoryRecord[],
    sideKeys: SideKeys | undefined,
  ): UnseenWrite | undefined {
    const seen = new Set<OperationId>();
    const fenced = new Set<OperationId>();
    for (const record of records) {
      if (record.type === 'lease') {
        const { operation } = record.owner ?? record;
        const beside = this.byOperation.get(operation);
        if (beside !== undefined && !MODEST.has(beside.holds) && sideKeys?.isDoubtful(record))
          continue;
        seen.add(operation);
      } else if (record.type === 'ok' && record.fencingToken !== undefined) {
        fenced.add(record.operation);
      }
    }
    for (const [operation, write] of this.byOperation) {
      // What is counted for a fencing token is that.
      const isFence = write.holds === 'count' && fenced.has(operation);
      if (granted.has(operation) && !seen.has(operation) && !isFence) return write;
    }
    return undefined;
  }
}

/** What tells most of why no lease was seen. */
function rank({ holds }: UnseenWrite): number {
  if (holds === 'count') return 0;
  return MODEST.has(holds) ? 1 : 2;
}

/**
 * Owner ids of one client process: short, different from all others, and the same in every making
 * of a run, on simulated servers and on real ones. Not decisions: code may not depend on their
 * order (docs/semantics.md, R6, R8).
 */
import type { OperationId } from '../fault.js';
import { mix, PURPOSE, type SeedKey } from '../random.js';

const OWNER_ID = PURPOSE['owner-id'];

export class OwnerIds {
  /** Tells incarnations apart. */
  private readonly suffix: string;
  private issued = 0;
  private issuedIn = 0;
  private issuedOutside = 0;

  constructor(
    private readonly key: SeedKey,
    /** Of the client in addresses. */
    private readonly subject: number,
    incarnation: number,
  ) {
    this.suffix = incarnation === 1 ? '' : `/${incarnation}`;
  }

  next(operation: OperationId, operationNumber: number): string {
    const ordinal = this.nextOrdinal(operationNumber);
    const bits = mix(this.key, this.subject, OWNER_ID, operationNumber, ordinal);
    return `${operation}-${ordinal}-${digits(bits)}${this.suffix}`;
  }

  /** Counts owner ids within each operation, and those outside of any (R6). */
  private nextOrdinal(operation: number): number {
    if (operation === 0) return ++this.issuedOutside;
    if (operation !== this.issuedIn) this.issued = 0;
    this.issuedIn = operation;
    return ++this.issued;
  }
}

const BASE_32 = '0123456789abcdefghjkmnpqrstvwxyz';
const PAIRS = Array.from({ length: 1_024 }, (_, i) => BASE_32[i >> 5]! + BASE_32[i & 31]!);

/**
 * Six digits of 30 bits. An owner id stays below 13 characters with them, up to where V8 joins
 * strings by copying: a longer one it would have to flatten at the first look into it.
 */
function digits(bits: number): string {
  const high = PAIRS[(bits >>> 22) & 1_023]! + PAIRS[(bits >>> 12) & 1_023]!;
  return high + PAIRS[(bits >>> 2) & 1_023]!;
}

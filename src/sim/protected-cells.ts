/**
 * What the protected resource keeps, and whom it refuses: a counter and named cells, and the
 * highest fencing token it has seen (docs/semantics.md, R12).
 */
import type { Cell } from '../invariant.js';
import type { Access, AccessReply } from './client-process.js';

export class ProtectedCells {
  private counter = 0;
  private readonly cells = new Map<Cell, number>();
  private highestToken = Number.NEGATIVE_INFINITY;

  apply({ access, cell, fencingToken, value: written }: Access): AccessReply {
    const accepted = fencingToken === undefined || fencingToken >= this.highestToken;
    if (accepted && fencingToken !== undefined) this.highestToken = fencingToken;
    if (accepted && access === 'write') this.keep(cell, written);
    return { accepted, value: this.kept(cell) };
  }

  private kept(cell: Cell | undefined): number {
    return cell === undefined ? this.counter : (this.cells.get(cell) ?? 0);
  }

  private keep(cell: Cell | undefined, value: number): void {
    if (cell === undefined) this.counter = value;
    else this.cells.set(cell, value);
  }
}

/** Acts of a careful holder, who looks at its grant immediately before each (R15). */
import type { Cell } from '../invariant.js';
import type { OperationPlan } from '../scenario.js';
import type { Section } from './workload.js';

/** Looks, and reads a cell; `undefined` if the grant is over, or nothing is known of the cell. */
export async function lookAndRead(section: Section, cell: Cell): Promise<number | undefined> {
  return section.holds() ? section.read(cell) : undefined;
}

/** Looks, and writes a cell; `false` if the grant is over, or it is not known what came of it. */
export async function lookAndWrite(section: Section, value: number, cell: Cell): Promise<boolean> {
  return section.holds() && section.write(value, cell);
}

/** A number that no other operation of the run has, from 1 on: it stands for who did something. */
export function markOf({ id }: OperationPlan): number {
  return (id.charCodeAt(0) - 64) * 1_000 + Number(id.slice(1));
}

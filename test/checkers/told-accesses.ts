/** Histories of two holders, A granted before B, told by what the resource saw of them. */
import type { AccessRecord } from '../../src/history.js';
import type { Invariant } from '../../src/invariant.js';
import { read, refused, two, write } from './access-records.js';
import type { Story } from './history-builder.js';

/** Who, what, which cell, which value; milliseconds do not matter. */
export type Told = readonly ['A' | 'B', 'read' | 'write', string, number, 'refused'?];

/** The accesses come one millisecond after the other, from 20 s on. */
export function toldAccesses(invariants: readonly Invariant[], told: readonly Told[]): Story {
  const story = two().promising(invariants);
  told.forEach(([client, access, cell, value, no], at) => {
    const grant = client === 'A' ? 1 : 2;
    const more: Partial<AccessRecord> = { cell, value, ...(no === undefined ? {} : refused) };
    story.add((access === 'read' ? read : write)(grant, client, 20_000 + at, more));
  });
  return story;
}

/** What draws the things that are not in every run: fetched when there is a run that has them. */
import { signal } from '@preact/signals';
import type { Rest } from '../../../src/timeline/picture/rest.js';

/** `undefined` as long as no run has needed it. */
export const rest = signal<Rest | undefined>(undefined);

export function fetchRest(): void {
  if (rest.value !== undefined) return;
  void import('../../../src/timeline/picture/rest.js').then((loaded) => {
    rest.value = loaded;
  });
}

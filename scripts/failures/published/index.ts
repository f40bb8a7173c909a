/** The published failures, in the order of their numbers. */
import type { PublishedFailure } from '../failure.js';
import { clientFailures } from './clients.js';
import { coordinationFailures } from './coordination.js';
import { designFailures } from './designs.js';

export const publishedFailures: readonly PublishedFailure[] = [
  ...designFailures,
  ...clientFailures,
  ...coordinationFailures,
].sort((a, b) => a.number - b.number);

/**
 * Starts the simulator's worker from a file of its own. A page that is one file, and may start none
 * from elsewhere, puts another module in the place of this one.
 */
import type { WorkerPort } from './client.js';

export function startWorker(): WorkerPort {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
}

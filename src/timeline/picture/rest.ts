/**
 * What is not in every run: faults, violations, locks of several servers, clocks of their own,
 * times within bounds, messages by the hundred, a run before an edit. A page that must be small
 * fetches this when it meets one of them (`needsRest`).
 */
export { drawEnds, drawWhiskers } from './ends.js';
export { drawFaults, drawHostStates } from './fault-bands.js';
export { drawGhost } from './ghost.js';
export { drawCells, drawRibbon } from './quorum.js';
export { drawRidge } from './ridge.js';
export { drawRuler } from './rulers.js';
export { drawBands, drawChain, drawViolations } from './violation-marks.js';

export type Rest = typeof import('./rest.js');

/**
 * What is not in every run: faults, violations, locks of several servers, queues, clocks of their
 * own, times within bounds, fencing tokens, messages that go astray, things by the hundred, a run
 * before an edit. A page that must be small fetches this when it meets one of them (`needsRest`).
 */
export { drawAstray } from './astray.js';
export { drawColumns } from './columns.js';
export { drainOf, leftAt } from './drain.js';
export { drawEnds, drawWhiskers } from './ends.js';
export { faded } from './explained.js';
export { drawFaults, drawHostStates } from './fault-bands.js';
export { drawGhost } from './ghost.js';
export { drawPlace } from './queue-places.js';
export { drawCells, drawRibbon } from './quorum.js';
export { drawRatchet, highestToken } from './ratchet.js';
export { drawRidge } from './ridge.js';
export { drawRuler } from './rulers.js';
export { drawBands, drawChain, drawViolations } from './violation-marks.js';

export type Rest = typeof import('./rest.js');

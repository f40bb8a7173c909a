/** Makes a trace out of a hand-made story, for tests of rows and narratives. */

import type { Fault } from '../../src/fault.js';
import type { Told } from '../../src/story/narrative/tale.js';
import type { TraceMessage } from '../../src/trace.js';
import type { Story } from '../checkers/history-builder.js';

export interface Beneath {
  readonly faults?: readonly Fault[];
  readonly messages?: readonly TraceMessage[];
  readonly places?: Readonly<Record<number, string>>;
}

/** The trace of a story: its history, and what is said to lie beneath it. */
export function traceOf(story: Story, beneath: Beneath = {}): Told {
  const history = story.history();
  const { key, ttlMs, waitMs, clients, servers, longestSectionUs } = history.world;
  return {
    scenario: {
      algorithm: 'set-nx',
      options: {},
      workload: 'critical-section',
      key,
      ttlMs,
      waitMs,
      longestSectionUs,
      servers: servers.map((id) => ({ id, persistence: 'everysec', replicaLagUs: [0] })),
      clients: clients.map((id) => ({ id, operations: [] })),
      faults: beneath.faults ?? [],
    },
    history,
    messages: beneath.messages ?? [],
    timers: [],
    decisions: [],
    places: beneath.places ?? {},
  };
}

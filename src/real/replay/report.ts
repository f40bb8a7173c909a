/** What came of a counterexample on real servers, as it stands in a conformance document. */
import type { StoryReport } from '../../timeline/conformance/document.js';
import type { Confirmation } from './confirm.js';
import type { StoryRequest } from './story.js';

export function storyReport({ code, lockFile }: StoryRequest, played: Confirmation): StoryReport {
  const { story, outcome, property, why, atUs, attempts, steps, timing, tookMs, real } = played;
  const { scenario, broken } = story;
  return {
    lock: scenario.algorithm,
    ...(lockFile !== undefined && { lockFile }),
    code,
    property,
    ...(broken.class !== undefined && { class: broken.class }),
    faults: scenario.faults.map((fault) => fault.class),
    ttlMs: scenario.ttlMs,
    servers: scenario.servers.map(({ id }) => id),
    outcome,
    ...(why !== undefined && { why }),
    ...(atUs !== undefined && { atUs }),
    attempts,
    steps,
    ...(timing !== undefined && { timing }),
    tookMs,
    environment: real?.environment ?? {},
    differences: real?.differences ?? [],
  };
}

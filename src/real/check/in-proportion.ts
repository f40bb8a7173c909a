/**
 * A scenario whose TTL was made short, because real seconds pass: what the simulation draws for the
 * usual TTL whatever a campaign asks for is made as much shorter. What a lock promises it promises
 * of that proportion.
 */
import type { Scenario } from '../../scenario.js';

/** What replicas' lags are drawn for (docs/semantics.md, R16). */
const USUAL_TTL_MS = 10_000;

export function inProportion(scenario: Scenario): Scenario {
  const factor = Math.min(1, scenario.ttlMs / USUAL_TTL_MS);
  const servers = scenario.servers.map((server) => {
    return { ...server, replicaLagUs: server.replicaLagUs.map((us) => Math.round(us * factor)) };
  });
  return { ...scenario, servers };
}

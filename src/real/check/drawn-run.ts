/**
 * The run that real clients make, as the simulation draws it. What it sends there it sends here, so
 * a lock that sends nothing there, because it refuses the TTL perhaps, is not worth starting
 * servers for.
 */
import type { Claims } from '../../algorithms/lock.js';
import {
  type Engine,
  type RunRequest,
  type SingleRunReport,
  UsageError,
} from '../../host/engine-api.js';
import { span } from '../../story/words.js';
import type { Trace } from '../../trace.js';

export interface DrawnRun {
  readonly trace: Trace;
  readonly schema: SingleRunReport['schema'];
  readonly claims: Claims;
}

/** @throws UsageError if no client sends anything to a server. */
export async function drawnRun(engine: Engine, request: RunRequest): Promise<DrawnRun> {
  const { trace, schema, claims = {} } = await engine.run(request);
  if (trace === undefined) throw new Error('the engine gave no trace of a run');
  const servers = new Set(trace.scenario.servers.map(({ id }) => id));
  if (!trace.messages.some(({ to }) => servers.has(to))) throw new UsageError(whyNothing(trace));
  return { trace, schema, claims };
}

function whyNothing({ scenario, history }: Trace): string {
  const { algorithm, ttlMs } = scenario;
  const nothing = `${algorithm} sends nothing to a server with a TTL of ${span(ttlMs * 1_000)}`;
  const refused = history.records.find(({ type }) => type === 'fail' || type === 'info');
  const reason = refused !== undefined && 'reason' in refused ? refused.reason : undefined;
  if (reason === undefined) return nothing;
  return `${nothing}: its calls end with "${reason}"; --ttl takes another TTL, --set other options`;
}

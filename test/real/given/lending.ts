/** Lends servers to a run that only says what it would play. */
import type { GivenServers } from '../../../src/real/given/given-servers.js';
import { lookAt } from '../../../src/real/given/given-servers.js';
import { parseAddresses } from '../../../src/real/servers/address.js';
import type { Scenario } from '../../../src/scenario.js';
import type { Service } from '../../../src/service.js';

export const MARK = 'hf-0123abcd';

/** Servers that were looked at, and a mark that is not drawn. */
export function given(service: Service, urls: string, mark = MARK): Promise<GivenServers> {
  return lookAt(parseAddresses(service, urls), () => mark);
}

export interface Wanted {
  readonly lock?: string;
  readonly servers: readonly string[];
  readonly replicas?: number;
  readonly schema?: string;
}

export function lend(
  had: GivenServers,
  { lock = 'set-nx', servers, replicas = 1, schema }: Wanted,
) {
  const replicaLagUs = Array.from({ length: replicas }, () => 0);
  const plans = servers.map((id) => ({ id, persistence: 'always', replicaLagUs }));
  const scenario = { algorithm: lock, key: 'orders', servers: plans } as unknown as Scenario;
  const close = () => Promise.resolve();
  return had.lend({ lock: { name: lock }, scenario, schema, close });
}

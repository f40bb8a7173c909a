/** The shortest lease that an etcd server grants. */
import type { EtcdServerOptions } from './port.js';

/** `etcdserver/server.go: NewServer`: one and a half election time-outs, in whole seconds. */
export function minTtlSeconds({ heartbeatMs, electionMs }: EtcdServerOptions): number {
  const electionBeats = Math.floor(electionMs / heartbeatMs);
  return Math.ceil((Math.floor((3 * electionBeats) / 2) * heartbeatMs) / 1000);
}

/** The least that a lock needs to run on this machine: its clocks, timers and randomness. */
import { randomBytes } from 'node:crypto';
import type { Environment } from '../../../src/algorithms/environment.js';
import type { ClientCalls } from '../../../src/real/client/client-calls.js';
import type { Service } from '../../../src/service.js';

type Services = Partial<Pick<Environment, Service>>;

export function realEnvironment(
  client: string,
  calls: ClientCalls,
  services: Services,
): Environment {
  const after = (ms: number, callback: () => void) => {
    const timer = setTimeout(() => calls.event(callback), ms);
    return () => clearTimeout(timer);
  };
  const entering = <T>(answer: T): T => {
    calls.enter();
    return answer;
  };
  return {
    client,
    wallMs: () => entering(Date.now()),
    monoMs: () => entering(performance.now()),
    sleep: (ms, signal) => {
      calls.enter();
      return new Promise((resolve) => {
        const cancel = after(ms, resolve);
        signal?.addEventListener('abort', () => {
          cancel();
          resolve();
        });
      });
    },
    after: (ms, callback) => {
      calls.enter();
      return after(Math.min(ms, 2_147_483_647), callback);
    },
    random: () => entering(Math.random()),
    ownerId: () => entering(randomBytes(20).toString('hex')),
    redis: [],
    etcd: [],
    postgres: [],
    zookeeper: [],
    ...services,
  };
}

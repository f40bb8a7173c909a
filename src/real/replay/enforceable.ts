/**
 * The order of a story as it can be enforced. What happens at one instant of a simulation has an
 * order for real servers and processes: who is to be stopped with a message at hand is stopped
 * before it is handed over, and a replica that lags stops hearing before it takes over.
 */
import type { HostId } from '../../fault.js';
import type { Trace } from '../../trace.js';
import type { Step } from './score.js';

/** The steps of a run in an order that a conductor can enforce. */
export function enforceable(steps: readonly Step[], trace: Trace): Step[] {
  return withDetached(stoppedFirst(steps), trace);
}

/** The same with whoever is stopped as a message arrives stopped before: no code hears of it. */
function stoppedFirst(steps: readonly Step[]): Step[] {
  const placed: Step[] = [];
  for (const step of steps) {
    placed.push(step);
    if (step.step !== 'host' || step.state !== 'paused' || step.byItself !== undefined) continue;
    let at = placed.length - 1;
    while (at > 0 && isAboutToReach(step.client, placed[at - 1]!, step.atUs)) at--;
    placed.splice(at, 0, ...placed.splice(-1));
  }
  return placed;
}

/** Whether that client gets this at that instant, or it is the fault that stops it. */
function isAboutToReach(client: HostId, step: Step, atUs: number): boolean {
  if (step.atUs !== atUs) return false;
  if (step.step === 'fault') return step.fault.class === 'pause' && step.fault.host === client;
  return (step.step === 'reply' || step.step === 'closed') && step.client === client;
}

/** The same with each replica that takes over cut off where its lag begins. */
function withDetached(steps: readonly Step[], { scenario }: Trace): Step[] {
  const placed = [...steps];
  for (const step of steps) {
    if (step.step !== 'fault' || step.edge !== 'start' || step.fault.class !== 'failover') continue;
    const { host: server, replica } = step.fault;
    const plan = scenario.servers.find(({ id }) => id === server);
    const atUs = step.atUs - (plan?.replicaLagUs[replica - 1] ?? 0);
    const at = placed.findIndex((one) => one.atUs > atUs || one === step);
    placed.splice(at, 0, { step: 'detach', atUs: Math.max(0, atUs), server, replica });
  }
  return placed;
}

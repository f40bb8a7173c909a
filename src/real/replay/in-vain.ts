/**
 * Requests that leave their clients as a server goes down, and that it never hears. A client that
 * is late would learn first that its connection is gone, and do something else: so such a request
 * is to be there before its server goes.
 */
import type { HostId } from '../../fault.js';
import type { RequestStep, Step } from './score.js';

/** No message is under way for longer. */
const UNDER_WAY_US = 100_000;

/** Those that follow a step, if it ends a server, without anything else of their clients before. */
export function sentInVain(steps: readonly Step[], at: number): RequestStep[] {
  const down = steps[at]!;
  if (down.step !== 'fault' || down.edge !== 'start') return [];
  const { fault } = down;
  if (fault.class !== 'failover' && fault.class !== 'server-crash') return [];
  const found: RequestStep[] = [];
  const busy = new Set<HostId>();
  for (const step of steps.slice(at + 1)) {
    if (step.atUs - down.atUs > UNDER_WAY_US) break;
    if (!('client' in step) || busy.has(step.client)) continue;
    if (step.step === 'request' && step.fate === 'unheard' && step.server === fault.host) {
      found.push(step);
    } else busy.add(step.client);
  }
  return found;
}

/**
 * Who carries out a fault that strikes at a call. A client that makes the call itself stops there
 * and then; where another client makes it, that has to be done from outside.
 */
import type { Fault } from '../../fault.js';
import type { Scenario } from '../../scenario.js';

/** Whether the fault strikes its own client at a call that this client makes. */
export function isByItself(fault: Fault, { clients }: Pick<Scenario, 'clients'>): boolean {
  if (!('host' in fault) || !('call' in fault.at)) return false;
  const { operation } = fault.at.call;
  const own = clients.find(({ id }) => id === fault.host);
  return own?.operations.some(({ id }) => id === operation) === true;
}

/**
 * Stories in which a client stops with its very first requests just sent. A real client has to be
 * connected before any can leave, and that it does not do while it is stopped: it must stop at a
 * later call.
 */
import type { Fault, HostId } from '../../fault.js';
import type { History } from '../../history.js';
import type { Scenario } from '../../scenario.js';
import type { RunPlan } from '../replay-code.js';

/** By then a connection is open, and what was called first has been sent. */
const CONNECTED_US = 2_000;
/** So many calls later it is tried at most. */
const LATER_MAX = 12;

/** The same plan with clients that stop too early stopped at later calls, the nearest first. */
export function* stoppedLater(plan: RunPlan, history: History): Generator<RunPlan> {
  const { scenario } = plan;
  for (const fault of scenario.faults) {
    if (!('call' in fault.at) || !stopsClient(fault)) continue;
    if (!stopsTooEarly(fault.host, scenario, history)) continue;
    const { operation, nth } = fault.at.call;
    for (let later = 1; later <= LATER_MAX; later++) {
      const at = { call: { operation, nth: nth + later } };
      const faults = scenario.faults.map((one) => (one === fault ? { ...one, at } : one));
      yield { ...plan, scenario: { ...scenario, faults } };
    }
  }
}

function stopsClient(fault: Fault): fault is Extract<Fault, { class: 'pause' | 'client-crash' }> {
  return fault.class === 'pause' || fault.class === 'client-crash';
}

/** Whether a lease comes of a first request that its client had hardly sent when it stopped. */
function stopsTooEarly(client: HostId, { clients }: Scenario, { records }: History): boolean {
  const first = clients.find(({ id }) => id === client)?.operations[0]?.id;
  const stops = records.flatMap((record) =>
    record.type === 'host' &&
    record.host === client &&
    (record.state === 'dead' || record.state === 'paused')
      ? [record.atUs]
      : [],
  );
  return records.some(
    (record) =>
      record.type === 'lease' &&
      record.host === client &&
      record.operation === first &&
      stops.some(
        (atUs) =>
          record.atUs > atUs && record.sentAtUs <= atUs && atUs - record.sentAtUs < CONNECTED_US,
      ),
  );
}

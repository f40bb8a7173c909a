/**
 * A fault in words: what happens to whom, for how long, and what sets it off. Used where a report
 * says what a counterexample cannot do without, and in the rows of its story.
 */
import type { Fault, HostId, Trigger } from '../fault.js';
import { serviceOf } from '../service.js';
import { instant, ordinal, rate } from './words.js';

/** `pause of client A for 10.000 s, at its 7th call in A1`. */
export function necessaryWords(fault: Fault): string {
  return `${describeDeed(fault)}, ${describeTrigger(fault.at, concerned(fault))}`;
}

/** What a fault does, without when: `pause of client A for 10.000 s`. */
export function describeDeed(fault: Fault): string {
  switch (fault.class) {
    case 'pause':
      return `pause of client ${fault.host} for ${instant(fault.durationUs)}`;
    case 'clock-step':
      return `step of the wall clock of ${fault.host} by ${signed(fault.byUs)}`;
    case 'clock-drift': {
      const speed = fault.ppm < 0 ? 'slow' : 'fast';
      const by = `${rate(fault.ppm)} ${speed}`;
      return `clocks of ${fault.host} ${by} for ${instant(fault.durationUs)}`;
    }
    case 'client-crash': {
      const { mode, restartAfterUs } = fault;
      const how = mode === 'kill' ? 'kill of client' : 'power loss of client';
      const after =
        restartAfterUs === null ? 'for good' : `with a restart after ${instant(restartAfterUs)}`;
      return `${how} ${fault.host} ${after}`;
    }
    case 'server-crash':
      return `crash of ${fault.host} with a restart after ${instant(fault.restartAfterUs)}`;
    case 'partition': {
      const { client, server, direction, durationUs } = fault;
      const between =
        direction === 'both'
          ? `between ${client} and ${server}`
          : direction === 'to-server'
            ? `from ${client} to ${server}`
            : `from ${server} to ${client}`;
      return `partition ${between} for ${instant(durationUs)}`;
    }
    case 'delay': {
      const { client, server, byUs, durationUs } = fault;
      const way =
        fault.direction === 'to-server' ? `${client} to ${server}` : `${server} to ${client}`;
      return `delay by ${instant(byUs)} from ${way} for ${instant(durationUs)}`;
    }
    case 'lost-request':
      return `loss of a request from ${fault.client} to ${fault.server}`;
    case 'lost-reply':
      return `loss of a reply from ${fault.server} to ${fault.client}`;
    case 'half-open':
      return `silence on the connection of ${fault.client} to ${fault.server}`;
    case 'server-error':
      return `error ${fault.error} from ${fault.host} for ${instant(fault.durationUs)}`;
    case 'failover':
      return failover(fault.host, fault.replica);
  }
}

/** The client whose calls and deliveries a trigger counts if it is about the fault's own client. */
function concerned(fault: Fault): string {
  return 'host' in fault ? fault.host : fault.client;
}

function describeTrigger(at: Trigger, host: string): string {
  if ('atUs' in at) return `at ${instant(at.atUs)}`;
  const { operation, nth } = 'call' in at ? at.call : at.delivery;
  const client = operation.replace(/\d+$/, '');
  const whose = client === host ? 'its' : `${client}'s`;
  if ('call' in at) return `at ${whose} ${ordinal(nth)} call in ${operation}`;
  return `when ${whose} ${ordinal(nth)} message in ${operation} has been delivered`;
}

function signed(us: number): string {
  return us < 0 ? `−${instant(-us)}` : `+${instant(us)}`;
}

function failover(host: HostId, replica: number): string {
  const service = serviceOf(host);
  if (service === 'redis') return `failover of ${host} to its replica ${replica}`;
  if (service === 'postgres') return `failover of ${host} to its standby`;
  if (replica === 2) return `leader of ${host} cut off`;
  if (replica !== 3) return `change of leader of ${host}`;
  return service === 'etcd' ? `leader of ${host} stalled` : `follower of ${host} cut off`;
}

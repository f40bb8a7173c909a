/** Faults as somebody who edits a scenario sees them: what fields each class has, and new ones. */
import { FAULT_CLASSES, type Fault, type FaultClass } from '../../../src/fault.js';
import type { NewFault } from '../../../src/lab/fault-edits.js';
import type { Scenario } from '../../../src/scenario.js';
import { SERVER_ERRORS } from '../../../src/search/server-errors.js';
import { serviceOf } from '../../../src/service.js';

/** A number of a fault, in the unit of its field. */
export interface FaultNumber {
  readonly name: 'atUs' | 'durationUs' | 'byUs' | 'ppm' | 'restartAfterUs' | 'replica' | 'nth';
  readonly label: string;
  /** What stands in the field is so many of the data's units. */
  readonly unit: number;
}

const AT: FaultNumber = { name: 'atUs', label: 'at, ms', unit: 1_000 };
const NTH: FaultNumber = { name: 'nth', label: 'at call number', unit: 1 };
const REST: readonly FaultNumber[] = [
  { name: 'durationUs', label: 'for, ms', unit: 1_000 },
  { name: 'byUs', label: 'by, ms', unit: 1_000 },
  { name: 'ppm', label: 'rate, ppm', unit: 1 },
  { name: 'restartAfterUs', label: 'restarts after, ms', unit: 1_000 },
  { name: 'replica', label: 'replica', unit: 1 },
];

/** The classes that a fault can have: `interleaving` is none. */
export const CLASSES = FAULT_CLASSES.filter(
  (one): one is Exclude<FaultClass, 'interleaving'> => one !== 'interleaving',
);

export function numbersOf(fault: Fault): FaultNumber[] {
  const when = 'atUs' in fault.at ? AT : NTH;
  return [when, ...REST.filter(({ name }) => name in fault)];
}

/** Where in the fault it stands. */
export function placeOf({ name }: FaultNumber): readonly string[] {
  return name === 'atUs' || name === 'nth' ? ['at'] : [name];
}

/** Whether it may be nothing: a client need not come back. */
export function mayBeEmpty(fault: Fault, { name }: FaultNumber): boolean {
  return fault.class === 'client-crash' && name === 'restartAfterUs';
}

export function readNumber(fault: Fault, { name, unit }: FaultNumber): number | null {
  if (name === 'atUs') return 'atUs' in fault.at ? fault.at.atUs / unit : null;
  if (name === 'nth') {
    if ('call' in fault.at) return fault.at.call.nth;
    return 'delivery' in fault.at ? fault.at.delivery.nth : null;
  }
  const value = (fault as unknown as Record<string, number | null>)[name];
  return value === null || value === undefined ? null : value / unit;
}

/** Any number: what is wrong with it is said of the scenario that has it. */
export function withNumber(fault: Fault, { name, unit }: FaultNumber, shown: number | null): Fault {
  if (shown === null) return { ...fault, [name]: null } as Fault;
  const value = Math.round(shown * unit);
  if (name === 'atUs') return { ...fault, at: { atUs: value } };
  if (name === 'nth') {
    if ('call' in fault.at) return { ...fault, at: { call: { ...fault.at.call, nth: value } } };
    if ('delivery' in fault.at) {
      return { ...fault, at: { delivery: { ...fault.at.delivery, nth: value } } };
    }
    return fault;
  }
  return { ...fault, [name]: value } as Fault;
}

/** A new fault of a class, of a size at which it matters. */
export function newFault(
  faultClass: Exclude<FaultClass, 'interleaving'>,
  { clients, servers, ttlMs }: Scenario,
  atUs: number,
): NewFault {
  const client = clients[0]!.id;
  const server = servers[0]!.id;
  const base = { at: { atUs: Math.max(0, Math.round(atUs)) } };
  const longUs = Math.round(ttlMs * 1_200);
  switch (faultClass) {
    case 'pause':
      return { ...base, class: faultClass, host: client, durationUs: longUs };
    case 'clock-step':
      return { ...base, class: faultClass, host: server, byUs: longUs };
    case 'clock-drift':
      return { ...base, class: faultClass, host: server, ppm: 100_000, durationUs: longUs };
    case 'client-crash':
      return { ...base, class: faultClass, host: client, mode: 'kill', restartAfterUs: null };
    case 'server-crash':
      return { ...base, class: faultClass, host: server, restartAfterUs: 100_000 };
    case 'partition':
      return { ...base, class: faultClass, client, server, direction: 'both', durationUs: longUs };
    case 'delay':
      return {
        ...base,
        class: faultClass,
        client,
        server,
        direction: 'to-server',
        durationUs: 1_000_000,
        byUs: longUs,
      };
    case 'lost-request':
    case 'lost-reply':
    case 'half-open':
      return { ...base, class: faultClass, client, server };
    case 'server-error': {
      const error = SERVER_ERRORS[serviceOf(server) ?? 'redis']![0]!;
      return { ...base, class: faultClass, host: server, durationUs: 1_000_000, error };
    }
    case 'failover':
      return { ...base, class: faultClass, host: server, replica: 1 };
  }
}

/**
 * Editing the faults of a scenario: by the form, by dragging them in the timeline, in lessons. A
 * fault keeps its id, because what is random about it belongs to that.
 */
import type { Fault } from '../fault.js';
import type { Scenario } from '../scenario.js';

type WithoutId<F> = F extends Fault ? Omit<F, 'id'> : never;
/** A fault that has no id yet. */
export type NewFault = WithoutId<Fault>;

/** Shortest duration that a drag can make. */
const SHORTEST_US = 1_000;

/** Adds a fault; its id is one that no fault of the scenario has. */
export function addFault(scenario: Scenario, fault: NewFault): Scenario {
  const numbers = scenario.faults.map(({ id }) => Number(id.slice(1)));
  const id = `f${Math.max(0, ...numbers) + 1}`;
  return putFault(scenario, { ...fault, id } as Fault);
}

/** Puts a fault in the place of the one of its id, or adds it. */
export function putFault(scenario: Scenario, fault: Fault): Scenario {
  const isThere = scenario.faults.some(({ id }) => id === fault.id);
  if (isThere) return changeFault(scenario, fault.id, () => fault);
  return { ...scenario, faults: [...scenario.faults, fault] };
}

export function deleteFault(scenario: Scenario, id: string): Scenario {
  return { ...scenario, faults: scenario.faults.filter((fault) => fault.id !== id) };
}

/** Drags a fault to an instant: from then on it strikes there, whatever it waited for before. */
export function moveFault(scenario: Scenario, id: string, atUs: number): Scenario {
  const at = { atUs: Math.max(0, Math.round(atUs)) };
  return changeFault(scenario, id, (fault) => ({ ...fault, at }));
}

/**
 * Drags the end of a fault: how long it lasts, or until its host is back. One that has no length
 * stays as it is.
 */
export function resizeFault(scenario: Scenario, id: string, durationUs: number): Scenario {
  const lastsUs = Math.max(SHORTEST_US, Math.round(durationUs));
  return changeFault(scenario, id, (fault) => {
    if ('durationUs' in fault) return { ...fault, durationUs: lastsUs };
    return 'restartAfterUs' in fault ? { ...fault, restartAfterUs: lastsUs } : fault;
  });
}

function changeFault(scenario: Scenario, id: string, change: (fault: Fault) => Fault): Scenario {
  return {
    ...scenario,
    faults: scenario.faults.map((fault) => (fault.id === id ? change(fault) : fault)),
  };
}

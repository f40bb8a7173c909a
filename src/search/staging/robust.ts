/**
 * How much a story bears: real clients are late by some milliseconds, now the one, now the other. A
 * story that stays the same with that much lateness put in anywhere can be played.
 */
import type { Fault } from '../../fault.js';
import { mix, scale } from '../../random.js';
import type { ClientPlan, Scenario } from '../../scenario.js';
import type { RunPlan } from '../replay-code.js';

/** The same plan with that lateness at one place after the other, and at all at once. */
export function* lateVariants(plan: RunPlan, lateMs: number): Iterable<RunPlan> {
  const { scenario } = plan;
  const lateUs = lateMs * 1_000;
  const variant = (changed: Partial<Scenario>) => ({
    ...plan,
    scenario: { ...scenario, ...changed },
  });
  for (const { id } of scenario.clients) {
    const of = (change: (client: ClientPlan) => ClientPlan) =>
      variant({ clients: scenario.clients.map((one) => (one.id === id ? change(one) : one)) });
    yield of((client) => later(client, lateUs, 0));
    yield of((client) => later(client, 0, lateUs));
  }
  yield variant({ clients: scenario.clients.map((client) => later(client, lateUs, lateUs)) });
  for (const fault of scenario.faults) {
    const faults = scenario.faults.map((one) => (one === fault ? longer(one, lateUs) : one));
    yield variant({ faults });
  }
}

/** The same plan with its times moved about: number `index` of any number of ways to do that. */
export function shaken(plan: RunPlan, index: number): RunPlan {
  const { key, scenario } = plan;
  let drawn = 0;
  const factor = () => FACTORS[scale(mix(key, 90, index, 0, drawn++), FACTORS.length)]!;
  const us = (value: number) => Math.round((value * factor()) / 100) * 100;
  const clients = scenario.clients.map(({ id, operations }) => ({
    id,
    operations: operations.map((operation) => ({
      ...operation,
      gapUs: us(operation.gapUs),
      sectionUs: us(operation.sectionUs),
    })),
  }));
  const faults = scenario.faults.map((fault) => shakenFault(fault, us));
  return { ...plan, scenario: { ...scenario, clients, faults } };
}

/** Most times stay, some change a little, some a lot. */
const FACTORS = [1, 1, 1, 1, 0.5, 0.7, 0.85, 0.95, 1.05, 1.2, 1.4, 1.8];

function later({ id, operations }: ClientPlan, gapUs: number, sectionUs: number): ClientPlan {
  const moved = operations.map((operation) => ({
    ...operation,
    gapUs: operation.gapUs + gapUs,
    sectionUs: operation.sectionUs + sectionUs,
  }));
  return { id, operations: moved };
}

function longer(fault: Fault, byUs: number): Fault {
  return 'durationUs' in fault ? { ...fault, durationUs: fault.durationUs + byUs } : fault;
}

function shakenFault(fault: Fault, us: (value: number) => number): Fault {
  const at = 'atUs' in fault.at ? { atUs: us(fault.at.atUs) } : fault.at;
  if (fault.class === 'delay') {
    return { ...fault, at, durationUs: us(fault.durationUs), byUs: us(fault.byUs) };
  }
  return 'durationUs' in fault
    ? { ...fault, at, durationUs: us(fault.durationUs) }
    : { ...fault, at };
}

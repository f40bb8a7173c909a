/**
 * How much a story bears: real clients are late by some milliseconds, now the one, now the other. A
 * story that stays the same with that much lateness put in anywhere can be played.
 */
import type { Fault } from '../../fault.js';
import { mix, scale } from '../../random.js';
import type { ClientPlan, Scenario } from '../../scenario.js';
import type { RunPlan } from '../replay-code.js';

/** To hand over to a replica takes real servers so many times as long as a client is late. */
const SLOWER = 4;

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
    if (fault.class !== 'failover' || !('atUs' in fault.at)) continue;
    const at = { atUs: fault.at.atUs + SLOWER * lateUs };
    yield variant({ faults: scenario.faults.map((one) => (one === fault ? { ...one, at } : one)) });
  }
}

/** The same plan with its times moved about: number `index` of any number of ways to do that. */
export function shaken(plan: RunPlan, index: number): RunPlan {
  let drawn = 0;
  const draw = (below: number) => scale(mix(plan.key, 90, index, 0, drawn++), below);
  return index % 2 === 0 ? stretched(plan, draw) : nudged(plan, draw);
}

/** A number from 0, below that one. */
type Draw = (below: number) => number;

/** All times by factors of their own. */
function stretched(plan: RunPlan, draw: Draw): RunPlan {
  const { scenario } = plan;
  const factor = () => FACTORS[draw(FACTORS.length)]!;
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

/** A few times by some milliseconds: a time of next to nothing has no factor that makes it long. */
function nudged(plan: RunPlan, draw: Draw): RunPlan {
  let { scenario } = plan;
  for (let nudges = 1 + draw(NUDGES_MAX); nudges > 0; nudges--) {
    const byUs = NUDGES_MS[draw(NUDGES_MS.length)]! * 1_000;
    const operations = scenario.clients.flatMap((client) => client.operations);
    const which = draw(2 * operations.length + scenario.faults.length);
    const fault = scenario.faults[which - 2 * operations.length];
    const operation = operations[which >> 1];
    if (fault !== undefined) {
      const faults = scenario.faults.map((one) => (one === fault ? longer(one, byUs) : one));
      scenario = { ...scenario, faults };
    } else if (operation !== undefined) {
      scenario = moved(scenario, operation.id, which % 2 === 0 ? 'gapUs' : 'sectionUs', byUs);
    }
  }
  return { ...plan, scenario };
}

function moved(
  scenario: Scenario,
  id: string,
  what: 'gapUs' | 'sectionUs',
  byUs: number,
): Scenario {
  const limitUs = what === 'gapUs' ? Number.POSITIVE_INFINITY : scenario.longestSectionUs;
  const clients = scenario.clients.map((client) => ({
    ...client,
    operations: client.operations.map((one) =>
      one.id === id ? { ...one, [what]: Math.min(limitUs, atLeastZero(one[what] + byUs)) } : one,
    ),
  }));
  return { ...scenario, clients };
}

function atLeastZero(us: number): number {
  return Math.max(0, us);
}

const NUDGES_MAX = 3;
const NUDGES_MS = [10, 30, 60, 100, 200, 400, 800, -10, -30, -60, -100, -200, -400];

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
  if (fault.class === 'delay') return { ...fault, byUs: atLeastZero(fault.byUs + byUs) };
  if (!('durationUs' in fault)) return fault;
  return { ...fault, durationUs: atLeastZero(fault.durationUs + byUs) };
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

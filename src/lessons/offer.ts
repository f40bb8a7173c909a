/**
 * What a task lets the learner edit: a few fields of its scenario, with the values they may get.
 * Whatever is not offered stays as it is, so that a task is solved by what it is about.
 */
import type { Fault, OperationId } from '../fault.js';
import type { Scenario } from '../scenario.js';
import type { RunPlan } from '../search/replay-code.js';
import type { Edit } from './patch.js';

export type Offer =
  | { readonly field: 'ttlMs' | 'waitMs'; readonly from: number; readonly to: number }
  | { readonly field: 'algorithm'; readonly among: readonly string[] }
  | { readonly field: 'renew'; readonly operation: OperationId }
  | FaultOffer;

/** How long a fault lasts, or which of the calls of its operation it strikes, from 1. */
export interface FaultOffer {
  readonly field: 'durationUs' | 'nth';
  readonly fault: string;
  readonly from: number;
  readonly to: number;
}

/** Whether a task with these offers lets its plan be edited so. */
export function isOffered(offers: readonly Offer[], plan: RunPlan, edit: Edit): boolean {
  if (edit.set === 'fault') return isFaultOffered(offers, plan.scenario, edit.to);
  return offers.some((offer) => covers(offer, edit));
}

function covers(offer: Offer, edit: Edit): boolean {
  switch (offer.field) {
    case 'ttlMs':
    case 'waitMs':
      return edit.set === offer.field && isWithin(offer, edit.to);
    case 'algorithm':
      return (
        edit.set === 'algorithm' && edit.options === undefined && offer.among.includes(edit.to)
      );
    case 'renew':
      return (
        edit.set === 'operation' &&
        edit.id === offer.operation &&
        same(edit.to, { renew: edit.to.renew === true })
      );
    default:
      return false;
  }
}

/** One that is there may change, in what is offered of it and nothing else. */
function isFaultOffered(offers: readonly Offer[], { faults }: Scenario, to: Fault): boolean {
  let fault = faults.find(({ id }) => id === to.id);
  if (fault === undefined) return false;
  for (const offer of offers) {
    if (!('fault' in offer) || offer.fault !== to.id) continue;
    const value = offeredOf(to, offer.field);
    if (value === undefined || !isWithin(offer, value)) return false;
    fault = withValue(fault, offer.field, value);
  }
  return same(fault, to);
}

function isWithin({ from, to }: { readonly from: number; readonly to: number }, value: number) {
  return Number.isInteger(value) && value >= from && value <= to;
}

/** What an offer is about, of a fault; `undefined` if such a fault has none of it. */
export function offeredOf(fault: Fault, field: FaultOffer['field']): number | undefined {
  if (field === 'nth') return 'call' in fault.at ? fault.at.call.nth : undefined;
  return 'durationUs' in fault ? fault.durationUs : undefined;
}

/** The fault with another value of that field; as it is if it has no such field. */
export function withValue(fault: Fault, field: FaultOffer['field'], value: number): Fault {
  if (field === 'durationUs')
    return 'durationUs' in fault ? { ...fault, durationUs: value } : fault;
  if (!('call' in fault.at)) return fault;
  return { ...fault, at: { call: { ...fault.at.call, nth: value } } };
}

/** Whether two pieces of plain data are equal, in whatever order their fields stand. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [one, other] = [Object.entries(a), new Map(Object.entries(b))];
  return one.length === other.size && one.every(([name, value]) => same(value, other.get(name)));
}

/**
 * What lessons ask of a run: the right answer to a question, the goal of a task. Small, named
 * functions over the trace, the verdicts and the scenario, so that a lesson reads as it is meant.
 */
import type { HostId, OperationId } from '../fault.js';
import type { Scenario } from '../scenario.js';
import type { ModelSpan, TraceModel } from '../timeline/model.js';
import type { Property, PropertyVerdict, ViolationClass } from '../verdict.js';
import { type Anchor, atUsOf, countOf, rowOf } from './anchor.js';

/** A run that has been judged. */
export interface Facts {
  readonly model: TraceModel;
  readonly verdicts: readonly PropertyVerdict[];
  readonly scenario: Scenario;
}

export type Predicate = (facts: Facts) => boolean;

export const not =
  (predicate: Predicate): Predicate =>
  (facts) =>
    !predicate(facts);

export const all =
  (...predicates: readonly Predicate[]): Predicate =>
  (facts) =>
    predicates.every((predicate) => predicate(facts));

/** The run breaks a property, in that class if one is given. */
export const breaks =
  (property: Property, found?: ViolationClass): Predicate =>
  ({ verdicts }) =>
    verdicts.some(
      (one) =>
        one.property === property &&
        one.verdict === 'invalid' &&
        (found === undefined || one.class === found),
    );

/** The run keeps a property; one that could not be judged is not kept. */
export const keeps =
  (property: Property): Predicate =>
  ({ verdicts }) =>
    verdicts.some((one) => one.property === property && one.verdict === 'valid');

/** Never did two clients act as holders at the same time. */
export const oneAtATime = keeps('mutual-exclusion');

export const happens =
  (anchor: Anchor): Predicate =>
  ({ model }) =>
    rowOf(anchor, model) !== undefined;

export const happensTimes =
  (count: number, anchor: Anchor): Predicate =>
  ({ model }) =>
    countOf(anchor, model) === count;

/** Both happen, in this order. */
export const comesBefore =
  (first: Anchor, second: Anchor): Predicate =>
  ({ model }) => {
    const [a, b] = [rowOf(first, model), rowOf(second, model)];
    return a !== undefined && b !== undefined && a < b;
  };

/** Both happen, the second at most so long after the first. */
export const within =
  (limitMs: number, first: Anchor, second: Anchor): Predicate =>
  ({ model }) => {
    const tookUs = atUsOf(second, model) - atUsOf(first, model);
    return tookUs >= 0 && tookUs <= limitMs * 1_000;
  };

/** The lock was granted to the operation. */
export const granted = (operation: OperationId): Predicate =>
  happens({ type: 'ok', operation, action: 'acquire' });

/** The operation asked for the lock, and gave up. */
export const refused = (operation: OperationId): Predicate =>
  happens({ type: 'fail', operation, action: 'acquire' });

/** The resource took a write of the client. */
export const wrote = (client: HostId): Predicate =>
  happens({ type: 'access', access: 'write', accepted: true, client });

/** The resource refused a write of the client. */
export const writeRefused = (client: HostId): Predicate =>
  happens({ type: 'access', access: 'write', accepted: false, client });

/** The resource took a write of the first client out of turn: after the second one had read. */
export const wroteLate = (late: HostId, meanwhile: HostId): Predicate =>
  all(
    breaks('resource-safety'),
    comesBefore(
      { type: 'access', access: 'read', accepted: true, client: meanwhile },
      { type: 'access', access: 'write', accepted: true, client: late },
    ),
  );

/** The counter as the last client of the scenario left it, before the probe came. */
export const counterShows =
  (value: number): Predicate =>
  ({ model, scenario }) => {
    const clients = scenario.clients.map(({ id }) => id);
    let shown = 0;
    for (let row = 0; row < model.rows; row++) {
      const record = model.record(row);
      if (record.type !== 'access' || record.access !== 'write' || !record.accepted) continue;
      if (clients.includes(record.client)) shown = record.value ?? shown;
    }
    return shown === value;
  };

/** From this event on a client truly held the lock. */
export const truthBeginsAt = (anchor: Anchor): Predicate => beginsAt('held', anchor);

/** From this event on a client believed that it held the lock. */
export const beliefBeginsAt = (anchor: Anchor): Predicate => beginsAt('belief', anchor);

function beginsAt(kind: 'held' | 'belief', anchor: Anchor): Predicate {
  return ({ model }) => {
    const first: ModelSpan | undefined = model.spansOf(kind)[0];
    return first !== undefined && first.fromUs === atUsOf(anchor, model);
  };
}

/** The first holder stopped believing before it stopped holding; and the other way round. */
export const beliefEndsFirst: Predicate = ({ model }) =>
  endOf(model, 'belief') < endOf(model, 'held');
export const truthEndsFirst: Predicate = ({ model }) =>
  endOf(model, 'held') < endOf(model, 'belief');

function endOf(model: TraceModel, kind: 'held' | 'belief'): number {
  return model.spansOf(kind)[0]?.untilUs ?? Number.NaN;
}

/** A message went from one host to the other. */
export const sends =
  (from: HostId, to: HostId): Predicate =>
  ({ model }) =>
    model.messages.some(
      (one) => model.hosts[one.from]?.id === from && model.hosts[one.to]?.id === to,
    );

/** At this event nobody held the lock. */
export const freeAt =
  (anchor: Anchor): Predicate =>
  ({ model }) => {
    const atUs = atUsOf(anchor, model);
    if (Number.isNaN(atUs)) return false;
    return model.spansOf('held').every((one) => atUs < one.fromUs || atUs >= one.untilUs);
  };

/** At this event the client held the lock. */
export const heldAt =
  (client: HostId, anchor: Anchor): Predicate =>
  ({ model }) => {
    const atUs = atUsOf(anchor, model);
    return model
      .spansOf('held')
      .some(
        (one) => model.hosts[one.host]?.id === client && one.fromUs <= atUs && atUs < one.untilUs,
      );
  };

/** The scenario is about this lock. */
export const uses =
  (algorithm: string): Predicate =>
  ({ scenario }) =>
    scenario.algorithm === algorithm;

/** A fault of the scenario lasts at least, or at most, so long. */
export const lastsAtLeast =
  (fault: string, leastMs: number): Predicate =>
  ({ scenario }) =>
    durationUsOf(scenario, fault) >= leastMs * 1_000;

export const lastsAtMost =
  (fault: string, mostMs: number): Predicate =>
  ({ scenario }) =>
    durationUsOf(scenario, fault) <= mostMs * 1_000;

function durationUsOf({ faults }: Scenario, id: string): number {
  const fault = faults.find((one) => one.id === id);
  return fault !== undefined && 'durationUs' in fault ? fault.durationUs : Number.NaN;
}

/** A lease lasts longer than any work of the scenario. */
export const leaseOutlastsWork: Predicate = ({ scenario: { clients, ttlMs } }) =>
  clients.every(({ operations }) => operations.every(({ sectionUs }) => sectionUs < ttlMs * 1_000));

/**
 * Shrinking: from a run that shows a violation to the smallest that still shows it, in the same
 * class: a worse one would be no example of what the campaign counted. A candidate is a scenario
 * and a list of decisions that differ from the harmless default; parts are removed and sizes
 * lowered until nothing can go. Every candidate is valid by construction, because decisions have
 * addresses (docs/semantics.md, R6, R13).
 */
import type { Fault } from '../fault.js';
import type { Decision, SeedKey } from '../random.js';
import type { ClientPlan, OperationPlan, Scenario } from '../scenario.js';
import { EditedDecisions, SeededDecisions } from '../sim/decisions.js';
import type { PropertyVerdict } from '../verdict.js';
import { ofSameClass } from './claims.js';
import type { ObservedRun, RunPort } from './port.js';

/** A run as data: its scenario, and the decisions that are not the default. */
export interface Candidate {
  readonly scenario: Scenario;
  readonly overrides: readonly Decision[];
}

export interface Shrunk extends Candidate {
  readonly verdict: PropertyVerdict;
  readonly observed: ObservedRun;
  /** Candidates tried. */
  readonly tries: number;
  /** Nothing could be left out: it is still the run that its seed decides. */
  readonly isSeeded: boolean;
}

/** A run that showed a violation does not show it when it is made again (D15). */
export class Unrepeatable extends Error {
  override readonly name = 'Unrepeatable';

  constructor() {
    super('the run to shrink does not show the violation');
  }
}

/** Candidates tried at most; a run that is still large then is reported as it is. */
const TRIES_MAX = 4_000;
/**
 * And events in all of them. Most runs have a few hundred; one that goes on for hours of virtual
 * time has as many as a run can have, and would be shrunk for an hour.
 */
const EVENTS_MAX = 10_000_000;
/** Of them, what one search for decisions to do without may take: it comes first, and is long. */
const DECISIONS_EVENTS_MAX = EVENTS_MAX / 4;

/** Shrinks the run with this key and scenario, which shows `wanted`. */
export async function shrink(
  key: SeedKey,
  scenario: Scenario,
  wanted: PropertyVerdict,
  port: RunPort,
): Promise<Shrunk> {
  const shrinker = new Shrinker(key, wanted, port);
  await shrinker.start(scenario);
  for (;;) {
    const before = shrinker.improvements;
    await shrinker.dropDecisions();
    await shrinker.dropFaults();
    await shrinker.dropClients();
    await shrinker.dropOperations();
    await shrinker.simplifyOperations();
    await shrinker.simplifyFaults();
    if (shrinker.improvements === before || shrinker.exhausted) break;
  }
  return shrinker.result();
}

class Shrinker {
  improvements = 0;
  private tries = 0;
  private events = 0;
  private best!: Candidate & { verdict: PropertyVerdict; observed: ObservedRun };

  constructor(
    private readonly key: SeedKey,
    private readonly wanted: PropertyVerdict,
    private readonly port: RunPort,
  ) {}

  get exhausted(): boolean {
    return this.tries >= TRIES_MAX || this.events >= EVENTS_MAX || this.port.stopped();
  }

  result(): Shrunk {
    return { ...this.best, tries: this.tries, isSeeded: this.improvements === 0 };
  }

  /** Records what the seeded run decided, then tries to do without all of it. */
  async start(scenario: Scenario): Promise<void> {
    const decisions = new SeededDecisions(this.key, true);
    const observed = await this.port.check(scenario, decisions);
    const verdict = observed.properties.find((found) => ofSameClass(found, this.wanted));
    if (verdict === undefined) throw new Unrepeatable();
    const overrides = decisions.recorded ?? [];
    this.best = { scenario, overrides, verdict, observed };
    await this.attempt({ scenario, overrides: [] }, true);
  }

  /** Removes decisions in halves, quarters, … and at last one by one. */
  async dropDecisions(): Promise<void> {
    if (await this.attempt({ ...this.best, overrides: [] })) return;
    const untilEvents = this.events + DECISIONS_EVENTS_MAX;
    const isOver = () => this.exhausted || this.events >= untilEvents;
    let chunk = Math.ceil(this.best.overrides.length / 2);
    while (chunk >= 1 && this.best.overrides.length > 0 && !isOver()) {
      let from = 0;
      while (from < this.best.overrides.length && !isOver()) {
        const { overrides } = this.best;
        const kept = [...overrides.slice(0, from), ...overrides.slice(from + chunk)];
        if (!(await this.attempt({ ...this.best, overrides: kept }))) from += chunk;
      }
      if (chunk === 1) break;
      chunk = Math.ceil(chunk / 2);
    }
  }

  async dropFaults(): Promise<void> {
    for (const { id } of this.best.scenario.faults) {
      const { scenario } = this.best;
      const faults = scenario.faults.filter((fault) => fault.id !== id);
      await this.attempt({ ...this.best, scenario: { ...scenario, faults } });
    }
  }

  async dropClients(): Promise<void> {
    for (const { id } of this.best.scenario.clients) {
      if (this.best.scenario.clients.length === 1) return;
      const clients = this.best.scenario.clients.filter((client) => client.id !== id);
      await this.withClients(clients);
    }
  }

  async dropOperations(): Promise<void> {
    for (const client of this.best.scenario.clients) {
      for (const { id } of client.operations) {
        await this.withClients(
          this.best.scenario.clients.map((known) => ({
            ...known,
            operations: known.operations.filter((operation) => operation.id !== id),
          })),
        );
      }
    }
  }

  /** Gaps to nothing, sections short, no renewal, nothing nested, exclusive. */
  async simplifyOperations(): Promise<void> {
    for (const client of this.best.scenario.clients) {
      for (const { id } of client.operations) {
        await this.changeOperation(client.id, id, { renew: false });
        const { nested, mode } = this.operation(client.id, id) ?? {};
        if (nested) await this.changeOperation(client.id, id, { nested: false });
        if (mode === 'shared') await this.changeOperation(client.id, id, { mode: 'exclusive' });
        await this.lower(this.operation(client.id, id)?.gapUs ?? 0, 0, (gapUs) =>
          this.changeOperation(client.id, id, { gapUs }),
        );
        await this.lower(this.operation(client.id, id)?.sectionUs ?? 0, 1_000, (sectionUs) =>
          this.changeOperation(client.id, id, { sectionUs }),
        );
      }
    }
  }

  /** Sizes as small as the violation allows, which is what makes a threshold visible. */
  async simplifyFaults(): Promise<void> {
    for (const { id } of this.best.scenario.faults) {
      for (const name of ['durationUs', 'byUs', 'restartAfterUs'] as const) {
        const value = this.sizeOf(id, name);
        if (value === undefined) continue;
        const sign = value < 0 ? -1 : 1;
        await this.lower(Math.abs(value), 0, (size) =>
          this.changeFault(id, { [name]: sign * size } as Partial<Fault>),
        );
      }
    }
  }

  /** The smallest value from `floor` up that still shows it, found by halving, on a coarse grid. */
  private async lower(
    value: number,
    floor: number,
    change: (value: number) => Promise<boolean>,
  ): Promise<void> {
    if (value <= floor) return;
    if (await change(floor)) return;
    let low = floor;
    let high = value;
    const precision = Math.max(100, Math.floor(value / 2_000));
    while (high - low > precision && !this.exhausted) {
      const middle = roundTo(low + Math.floor((high - low) / 2), precision);
      if (middle <= low || middle >= high) return;
      if (await change(middle)) high = middle;
      else low = middle;
    }
  }

  private operation(client: string, id: string) {
    const plan = this.best.scenario.clients.find((known) => known.id === client);
    return plan?.operations.find((operation) => operation.id === id);
  }

  private sizeOf(id: string, name: string): number | undefined {
    const fault = this.best.scenario.faults.find((known) => known.id === id);
    const value = (fault as unknown as Record<string, unknown> | undefined)?.[name];
    return typeof value === 'number' ? value : undefined;
  }

  private changeOperation(
    client: string,
    id: string,
    change: Partial<OperationPlan>,
  ): Promise<boolean> {
    return this.withClients(
      this.best.scenario.clients.map((known) =>
        known.id !== client
          ? known
          : {
              ...known,
              operations: known.operations.map((operation) =>
                operation.id === id ? { ...operation, ...change } : operation,
              ),
            },
      ),
    );
  }

  private changeFault(id: string, change: Partial<Fault>): Promise<boolean> {
    const { scenario } = this.best;
    const faults = scenario.faults.map((fault) =>
      fault.id === id ? ({ ...fault, ...change } as Fault) : fault,
    );
    return this.attempt({ ...this.best, scenario: { ...scenario, faults } });
  }

  private withClients(clients: readonly ClientPlan[]): Promise<boolean> {
    return this.attempt({ ...this.best, scenario: { ...this.best.scenario, clients } });
  }

  /** Runs a candidate; keeps it if it still shows the violation. */
  private async attempt(candidate: Candidate, always = false): Promise<boolean> {
    if ((this.exhausted && !always) || same(candidate, this.best)) return false;
    this.tries++;
    const decisions = new EditedDecisions(this.key, candidate.overrides);
    const observed = await this.port.check(candidate.scenario, decisions);
    this.events += observed.run.events;
    if (observed.run.history.limit !== undefined) return false;
    const verdict = observed.properties.find((found) => ofSameClass(found, this.wanted));
    if (verdict === undefined) return false;
    const { scenario } = candidate;
    this.best = { scenario, overrides: decisions.asked(), verdict, observed };
    this.improvements++;
    return true;
  }
}

function roundTo(value: number, precision: number): number {
  return Math.round(value / precision) * precision;
}

function same(a: Candidate, b: Candidate): boolean {
  return (
    a.overrides.length === b.overrides.length &&
    JSON.stringify(a.scenario) === JSON.stringify(b.scenario)
  );
}

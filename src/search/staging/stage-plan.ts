/**
 * A counterexample made fit to be played on real servers, where seconds cost seconds and nobody is
 * on time: less waiting, a shorter TTL, and times at which it does not depend on milliseconds. It
 * stays a run of the simulator that breaks the same property in the same class.
 */
import type { History } from '../../history.js';
import type { Property, PropertyVerdict } from '../../verdict.js';
import { severity } from '../../verdict.js';
import type { RunPlan } from '../replay-code.js';
import { stoppedLater } from './later-call.js';
import { lessWaiting } from './less-waiting.js';
import { lateVariants, shaken } from './robust.js';
import { patientPlans, scaledTo } from './scaled.js';

/** What is needed of a run. */
export interface Rehearsed {
  readonly properties: readonly PropertyVerdict[];
  /** The same run judged as a real one would be. */
  judgedAsReal(): readonly PropertyVerdict[];
  readonly events: number;
  readonly history: History;
}

export type Rehearse = (plan: RunPlan) => Promise<Rehearsed>;

/** TTLs that are tried, in milliseconds: a story is played in real time. */
const TTLS_MS = [1_000, 2_000, 4_000];
/** So much lateness is wanted to be borne: first a little, then more. */
const LATENESS_MS = [4, 8, 15, 25, 40];
/** What is enough to be played as it is. */
const ENOUGH_MS = 25;
const WAITS_MAX = 12;
const SHAKES_MAX = 200;

/** How much a plan bears, and what share of the ways to be later than that. */
interface Firmness {
  readonly bearsMs: number;
  readonly share: number;
}

type Rated = { readonly plan: RunPlan } & Firmness;

/** The plan to play, and what lateness it bears; undefined if the run breaks nothing. */
export interface StagedPlan {
  readonly plan: RunPlan;
  readonly bearsMs: number;
}

export async function stagePlan(
  plan: RunPlan,
  wanted: Property | undefined,
  rehearse: Rehearse,
): Promise<StagedPlan | undefined> {
  const broken = breaks((await rehearse(plan)).properties, wanted);
  return broken && new Staging(rehearse, broken).run(plan);
}

/** What a run breaks: the property asked for, or the worst. */
function breaks(
  properties: readonly PropertyVerdict[],
  wanted: Property | undefined,
): PropertyVerdict | undefined {
  return properties
    .filter(({ verdict, property }) => verdict === 'invalid' && property === (wanted ?? property))
    .sort((a, b) => severity(b) - severity(a))[0];
}

class Staging {
  constructor(
    private readonly rehearse: Rehearse,
    private readonly broken: PropertyVerdict,
  ) {}

  async run(given: RunPlan): Promise<StagedPlan> {
    const plan = await this.connectedFirst(given);
    const simple = await this.simplest(await this.patient(plan));
    let best: Rated = { plan: simple, ...(await this.firmness(simple)) };
    for (const ttlMs of TTLS_MS) {
      if (ttlMs >= plan.scenario.ttlMs) break;
      const short = scaledTo(simple, ttlMs);
      if (!(await this.same(short))) continue;
      const staged = await this.firmest(short);
      if (staged.bearsMs >= ENOUGH_MS) return staged;
      // Where it bears nothing either way, the shorter one costs less time.
      if (!isFirmer(best, staged)) best = staged;
    }
    if (best.bearsMs >= ENOUGH_MS) return best;
    const long = await this.firmest(simple);
    return isFirmer(long, best) ? long : best;
  }

  /** With as much patience as leaves it the same story. */
  private async patient(plan: RunPlan): Promise<RunPlan> {
    for (const patient of patientPlans(plan)) if (await this.same(patient)) return patient;
    return plan;
  }

  /** With clients that are connected when they stop, if it is the same story. */
  private async connectedFirst(plan: RunPlan): Promise<RunPlan> {
    const { history } = await this.rehearse(plan);
    for (const later of stoppedLater(plan, history)) {
      const rehearsed = await this.rehearse(later);
      const isSame = this.isBrokenIn(rehearsed.properties);
      if (isSame && stoppedLater(later, rehearsed.history).next().done) return later;
    }
    return plan;
  }

  private async same(plan: RunPlan): Promise<boolean> {
    return this.isBrokenIn((await this.rehearse(plan)).properties);
  }

  /** The same also to those who judge a real run, where some lateness proves nothing. */
  private async sameAsReal(plan: RunPlan): Promise<boolean> {
    const rehearsed = await this.rehearse(plan);
    return this.isBrokenIn(rehearsed.properties) && this.isBrokenIn(rehearsed.judgedAsReal());
  }

  private isBrokenIn(properties: readonly PropertyVerdict[]): boolean {
    const { property, class: wanted } = this.broken;
    const found = properties.find((one) => one.property === property);
    return found?.verdict === 'invalid' && found.class === wanted;
  }

  /** With fewer and fewer events, until no wait can be left out. */
  private async simplest(plan: RunPlan): Promise<RunPlan> {
    let current = plan;
    for (let waits = 0; waits < WAITS_MAX; waits++) {
      const simpler = await this.simplerThan(current);
      if (simpler === undefined) break;
      current = simpler;
    }
    return current;
  }

  private async simplerThan(plan: RunPlan): Promise<RunPlan | undefined> {
    const { history, events } = await this.rehearse(plan);
    for (const changed of lessWaiting(plan, history)) {
      const rehearsed = await this.rehearse(changed);
      if (rehearsed.events < events && this.isBrokenIn(rehearsed.properties)) return changed;
    }
    return undefined;
  }

  private async firmness(plan: RunPlan): Promise<Firmness> {
    let bearsMs = 0;
    if (!(await this.sameAsReal(plan))) return { bearsMs, share: -1 };
    for (const lateMs of LATENESS_MS) {
      const share = await this.shareBorne(plan, lateMs);
      if (share < 1) return { bearsMs, share };
      bearsMs = lateMs;
    }
    return { bearsMs, share: 1 };
  }

  private async shareBorne(plan: RunPlan, lateMs: number): Promise<number> {
    const late = [...lateVariants(plan, lateMs)];
    let borne = 0;
    for (const variant of late) if (await this.sameAsReal(variant)) borne++;
    return borne / late.length;
  }

  /** Of this plan and others that are like it, one that bears enough, or the most. */
  private async firmest(plan: RunPlan): Promise<Rated> {
    let best: Rated = { plan, ...(await this.firmness(plan)) };
    for (let index = 0; index < SHAKES_MAX && best.bearsMs < ENOUGH_MS; index++) {
      const other = shaken(best.plan, index);
      if (!(await this.same(other))) continue;
      const rated: Rated = { plan: other, ...(await this.firmness(other)) };
      // As firm is good enough: who only goes up stays on the first hill.
      if (!isFirmer(best, rated)) best = rated;
    }
    return best;
  }
}

function isFirmer(one: Firmness, other: Firmness): boolean {
  return one.bearsMs > other.bearsMs || (one.bearsMs === other.bearsMs && one.share > other.share);
}

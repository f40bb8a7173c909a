/**
 * A counterexample made fit to be played on real servers, where seconds cost seconds and nobody is
 * on time: less waiting, a shorter TTL, and times at which it does not depend on milliseconds. It
 * stays a run of the simulator that breaks the same property in the same class.
 */
import type { History } from '../../history.js';
import type { Property, PropertyVerdict } from '../../verdict.js';
import { severity } from '../../verdict.js';
import type { RunPlan } from '../replay-code.js';
import { lessWaiting } from './less-waiting.js';
import { lateVariants, shaken } from './robust.js';
import { scaledTo, withPatience } from './scaled.js';

/** What is needed of a run. */
export interface Rehearsed {
  readonly properties: readonly PropertyVerdict[];
  readonly events: number;
  readonly history: History;
}

export type Rehearse = (plan: RunPlan) => Promise<Rehearsed>;

/** TTLs that are tried, in milliseconds: a story is played in real time. */
const TTLS_MS = [1_000, 2_000, 4_000];
/** So much lateness is wanted to be borne, then less. */
const LATENESS_MS = [40, 25, 15, 8, 4];
/** What is enough to be played as it is. */
const ENOUGH_MS = 15;
const WAITS_MAX = 12;
const SHAKES_MAX = 60;

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

  async run(plan: RunPlan): Promise<StagedPlan> {
    const patient = withPatience(plan);
    const simple = await this.simplest((await this.same(patient)) ? patient : plan);
    let best: StagedPlan = { plan: simple, bearsMs: await this.bears(simple, 0) };
    for (const ttlMs of TTLS_MS) {
      if (ttlMs >= plan.scenario.ttlMs) break;
      const short = scaledTo(simple, ttlMs);
      if (!(await this.same(short))) continue;
      const staged = await this.firmest(short);
      if (staged.bearsMs >= ENOUGH_MS) return staged;
      // Where it bears nothing either way, the shorter one costs less time.
      if (staged.bearsMs >= best.bearsMs) best = staged;
    }
    if (best.bearsMs >= ENOUGH_MS || best.plan.scenario.ttlMs < plan.scenario.ttlMs) return best;
    const long = await this.firmest(simple);
    return long.bearsMs > best.bearsMs ? long : best;
  }

  private async same(plan: RunPlan): Promise<boolean> {
    const { property, class: wanted } = this.broken;
    const { properties } = await this.rehearse(plan);
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
      if ((await this.rehearse(changed)).events >= events) continue;
      if (await this.same(changed)) return changed;
    }
    return undefined;
  }

  /** The most lateness that a plan bears, of what is above `aboveMs`; 0 for none. */
  private async bears(plan: RunPlan, aboveMs: number): Promise<number> {
    for (const lateMs of LATENESS_MS) {
      if (lateMs <= aboveMs) return 0;
      if (await this.bearsAll(plan, lateMs)) return lateMs;
    }
    return 0;
  }

  private async bearsAll(plan: RunPlan, lateMs: number): Promise<boolean> {
    for (const late of lateVariants(plan, lateMs)) if (!(await this.same(late))) return false;
    return true;
  }

  /** Of this plan and others that are like it, one that bears enough, or the most. */
  private async firmest(plan: RunPlan): Promise<StagedPlan> {
    let best: StagedPlan = { plan, bearsMs: await this.bears(plan, 0) };
    for (let index = 0; index < SHAKES_MAX && best.bearsMs < ENOUGH_MS; index++) {
      const other = shaken(best.plan, index);
      if (!(await this.same(other))) continue;
      const bearsMs = await this.bears(other, best.bearsMs);
      if (bearsMs > best.bearsMs) best = { plan: other, bearsMs };
    }
    return best;
  }
}

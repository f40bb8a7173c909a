/**
 * Belief against truth: the stretches in which a client counts itself as holder and the servers do
 * not, and those in which they do and nobody acts on it. The definitions are those of the spans
 * (spans.ts); here they are only laid over each other. Where they are known within bounds, what is
 * said here holds for sure: a stretch of which nobody knows is in none of the lists.
 */
import type { ModelSpan, TraceModel } from '../model.js';
import { possible, sure } from './bounds.js';

/** Part of a belief or of a hold. */
export interface Stretch {
  readonly host: number;
  readonly grant: number;
  readonly fromUs: number;
  readonly untilUs: number;
}

export interface Beliefs {
  /** Believes, and holds. */
  readonly founded: readonly Stretch[];
  /** Believes, and does not hold: unfounded belief. It is no verdict and no violation class. */
  readonly unfounded: readonly Stretch[];
  /** Holds, and its client has given up, has died or was never told. */
  readonly unaware: readonly Stretch[];
}

export function beliefsOf(model: TraceModel): Beliefs {
  const held = byGrant(model.spansOf('held'));
  const believed = byGrant(model.spansOf('belief'));
  const releases = byGrant(model.spansOf('release'));
  const founded: Stretch[] = [];
  const unfounded: Stretch[] = [];
  const unaware: Stretch[] = [];
  for (const [grant, beliefs] of believed) {
    const holds = held.get(grant) ?? [];
    for (const belief of beliefs.map(sure)) {
      split(belief, holds.map(sure), founded, undefined);
      split(belief, holds.map(possible), undefined, unfounded);
    }
  }
  for (const [grant, holds] of held) {
    const beliefs = believed.get(grant) ?? [];
    // Between the server's word and its arrival nobody can know yet, and while a release is under
    // way its client does: neither is unawareness.
    const toldUs = beliefs[0] === undefined ? 0 : sure(beliefs[0]).fromUs;
    const aware = [...beliefs, ...(releases.get(grant) ?? [])].map(possible);
    for (const hold of holds.map(sure)) {
      if (hold.untilUs <= toldUs) continue;
      split({ ...hold, fromUs: Math.max(hold.fromUs, toldUs) }, aware, undefined, unaware);
    }
  }
  return { founded, unfounded, unaware };
}

/** Cuts a span where others begin and end: what they cover, and what they leave. */
function split(
  { host, grant, fromUs, untilUs }: ModelSpan,
  others: readonly ModelSpan[],
  covered: Stretch[] | undefined,
  left: Stretch[] | undefined,
): void {
  let atUs = fromUs;
  for (const other of others) {
    const beginUs = Math.max(other.fromUs, atUs);
    const endUs = Math.min(other.untilUs, untilUs);
    if (endUs <= beginUs) continue;
    if (beginUs > atUs) left?.push({ host, grant, fromUs: atUs, untilUs: beginUs });
    covered?.push({ host, grant, fromUs: beginUs, untilUs: endUs });
    atUs = endUs;
  }
  if (atUs < untilUs) left?.push({ host, grant, fromUs: atUs, untilUs });
}

function byGrant(spans: readonly ModelSpan[]): Map<number, ModelSpan[]> {
  const grants = new Map<number, ModelSpan[]>();
  for (const one of spans) {
    const known = grants.get(one.grant);
    if (known === undefined) grants.set(one.grant, [one]);
    else known.push(one);
  }
  return grants;
}

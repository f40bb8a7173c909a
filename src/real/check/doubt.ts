/**
 * Runs whose violations say nothing of the lock: on a program that stands in for a server, and
 * those in which a server answered otherwise than its model. Leases are those of the model
 * (`rebuild`), so what the server really did, or in which order, is not known then; invalid is only
 * what is so in every order that the answers allow (docs/semantics.md, R0).
 */
import { plural } from '../../story/words.js';
import type { PropertyVerdict } from '../../verdict.js';
import { PACKAGE } from '../stand-in/redis-stand-in.js';

/** What was made of a run. */
interface Judged {
  readonly properties: readonly (PropertyVerdict & { readonly expected?: boolean })[];
  /** Where a model answered otherwise than the server. */
  readonly differences: readonly string[];
}

/** On what it ran. */
interface Ground {
  readonly hasStandIn: boolean;
}

/** The same; but where nothing can be held against the lock, what nobody claims is unknown. */
export function heldAgainst<J extends Judged>(ground: Ground, judged: J): J {
  const { properties, differences } = judged;
  const { length } = differences;
  if (ground.hasStandIn) {
    const summed = `${plural(length, 'reply', 'replies')} of ${PACKAGE} were not those of a Redis`;
    return {
      ...judged,
      properties: unknown(properties, `it ran on ${PACKAGE}, which differs from Redis`),
      differences: length === 0 ? [] : [summed],
    };
  }
  if (length === 0) return judged;
  const why = 'a server answered otherwise than the model, so what it did is not known';
  return { ...judged, properties: unknown(properties, why) };
}

function unknown(properties: Judged['properties'], reason: string): Judged['properties'] {
  return properties.map((one) =>
    one.verdict === 'invalid' && one.expected !== true
      ? { ...one, verdict: 'unknown', reason }
      : one,
  );
}

/**
 * What clients do in a soak: many short operations, one after the other, instead of the few long
 * ones of a campaign.
 */
import { mix, type SeedKey, scale } from '../../random.js';
import type { ClientPlan, Scenario } from '../../scenario.js';

const OPERATIONS_EACH = 40;
/** Longest section and gap. */
const SECTION_US = 8_000;
const GAP_US = 20_000;
/** Of the soak in addresses. */
const SUBJECT = 91;

/** The same lock with its options, hammered. */
export function hammering(scenario: Scenario, key: SeedKey): Scenario {
  return {
    ...scenario,
    faults: [],
    longestSectionUs: SECTION_US,
    clients: scenario.clients.map(({ id }, index) => planOf(id, index, key)),
  };
}

function planOf(id: string, index: number, key: SeedKey): ClientPlan {
  const operations = Array.from({ length: OPERATIONS_EACH }, (_none, number) => {
    const draw = (purpose: number, n: number) =>
      scale(mix(key, SUBJECT, purpose, index, number), n);
    return {
      id: `${id}${number + 1}`,
      gapUs: draw(0, GAP_US),
      sectionUs: draw(1, SECTION_US),
      renew: draw(2, 5) === 0,
      mode: 'exclusive',
      nested: false,
    } as const;
  });
  return { id, operations };
}

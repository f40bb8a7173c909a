/** Permits against every choice of so many sections, each pair judged by the oracle of R3 (R18). */
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { permits } from '../../src/checkers/permits.js';
import type { History } from '../../src/history.js';
import { arbitraryHistory } from './arbitrary-history.js';
import { judge, RUNS } from './judging.js';
import { type OracleAnswer, overlap, type Section, sectionsOf } from './mutual-exclusion-oracle.js';

const SEVERITY = ['double-grant', 'stale-belief', 'inherent-overlap'];
const MANY = { ...RUNS, numRuns: 1_500 };

interface Answer {
  readonly verdict: 'valid' | 'invalid';
  readonly class?: string | undefined;
  /** Whether it takes one that was in term only again. */
  readonly resurrected?: boolean;
}

/** All ways to choose so many of the items. */
function choices<T>(items: readonly T[], count: number): T[][] {
  if (count === 0) return [[]];
  return items.flatMap((item, at) =>
    choices(items.slice(at + 1), count - 1).map((rest) => [item, ...rest]),
  );
}

/** How bad it is that these go on together after another one has entered. */
function judged(pairs: readonly OracleAnswer[]): Answer {
  const ranks = pairs.map((pair) => SEVERITY.indexOf(pair.class!));
  if (ranks.every((rank) => rank === 0)) {
    const resurrected = pairs.some(({ cause }) => cause === 'resurrected');
    return { verdict: 'invalid', class: 'double-grant', resurrected };
  }
  const blamed = Math.min(...ranks.filter((rank) => rank > 0));
  return { verdict: 'invalid', class: SEVERITY[blamed]!, resurrected: false };
}

function oracle(history: History, most: number): Answer {
  const sections = sectionsOf(history);
  const found: Answer[] = [];
  for (const second of sections) {
    const before = sections.filter((one) => one.index < second.index && one.key === second.key);
    const pairs = before
      .map((first: Section) => overlap(history, first, second))
      .filter((answer) => answer !== undefined);
    const here = choices(pairs, most).map(judged);
    // Of one entry, a choice in which all were in term at once tells more.
    here.sort((a, b) => rankOf(a) - rankOf(b) || Number(a.resurrected) - Number(b.resurrected));
    if (here[0] !== undefined) found.push(here[0]);
  }
  // Of several entries, the first.
  const worst = Math.min(...found.map(rankOf));
  return found.find((answer) => rankOf(answer) === worst) ?? { verdict: 'valid' };
}

function rankOf(answer: Answer): number {
  return SEVERITY.indexOf(answer.class!);
}

const told = fc.tuple(arbitraryHistory, fc.integer({ min: 1, max: 3 }));
const declaring = (history: History, most: number): History => ({
  ...history,
  world: { ...history.world, declares: { ...history.world.declares, permits: most } },
});

property.prop([told], MANY)(
  'R18 verdict and class are those of the worst choice',
  ([history, most]) => {
    const { verdict, class: name, cause } = judge(permits, declaring(history, most));
    const { resurrected = false, ...expected } = oracle(history, most);
    expect({ verdict, class: name }).toEqual({ class: undefined, ...expected });
    expect(cause === 'resurrected').toBe(resurrected);
  },
);

test('R18 every class occurs among those histories, with more than one permit', () => {
  const seen = new Map<string, number>();
  for (const [history, most] of fc.sample(told, MANY)) {
    if (most === 1) continue;
    const { class: name = 'valid', resurrected } = oracle(history, most);
    const outcome = resurrected ? 'resurrected' : name;
    seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
  }
  for (const outcome of ['valid', 'resurrected', ...SEVERITY]) {
    expect([outcome, Math.min(seen.get(outcome) ?? 0, 2)]).toEqual([outcome, 2]);
  }
});

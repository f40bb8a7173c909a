/** Judges a told story with one checker, having made sure that the story itself makes sense. */
import type { Checker } from '../../src/checkers/checker.js';
import { indexHistory } from '../../src/checkers/sections.js';
import { findMalformation } from '../../src/checkers/well-formed.js';
import type { History, HistoryRecord } from '../../src/history.js';
import type { PropertyVerdict } from '../../src/verdict.js';
import type { Story } from './history-builder.js';

export function judge(checker: Checker, told: Story | History): PropertyVerdict {
  const history = 'history' in told ? told.history() : told;
  const malformation = findMalformation(history);
  if (malformation !== undefined) throw new Error(malformation.problem);
  return checker.check(indexHistory(history));
}

/** The verdict in short: `invalid: class, cause`, or the verdict alone. */
export function inShort(verdict: PropertyVerdict): string {
  const how = [verdict.class, verdict.cause].filter((word) => word !== undefined);
  return how.length === 0 ? verdict.verdict : `${verdict.verdict}: ${how.join(', ')}`;
}

/** The types of the witness records, in order. */
export function witnessTypes(told: Story, verdict: PropertyVerdict): HistoryRecord['type'][] {
  const { records } = told.history();
  return verdict.witness.map((at) => records[at]!.type);
}

/** The history with some facts of its world changed. */
export function inWorld(told: Story, world: Partial<History['world']>): History {
  const history = told.history();
  return { ...history, world: { ...history.world, ...world } };
}

/** The history as a run that ended at a limit. */
export function cutShort(told: Story): History {
  return { ...told.history(), limit: '1,000 events' };
}

/** How property tests run: always the same histories, so that a failure is the change's. */
export const RUNS = { numRuns: 500, seed: 7 } as const;

/** The canonical stories are judged as they were meant to be. */
import { expect, test } from 'vitest';
import { mutualExclusion } from '../../src/checkers/mutual-exclusion.js';
import { indexHistory } from '../../src/checkers/sections.js';
import { findMalformation } from '../../src/checkers/well-formed.js';
import { CANONICAL_STORIES } from './canonical-stories.js';

test.each(CANONICAL_STORIES)('%s %s: %s', (_rule, _name, outcome, tell) => {
  const history = tell().history();
  expect(findMalformation(history)).toBeUndefined();
  const verdict = mutualExclusion.check(indexHistory(history));
  const name = [verdict.class, verdict.cause].filter((part) => part !== undefined).join(': ');
  expect(name === '' ? 'no overlap' : name).toBe(outcome);
  expect(verdict.verdict).toBe(outcome === 'no overlap' ? 'valid' : 'invalid');
});

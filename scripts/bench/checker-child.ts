/** A process of its own that checks a large history and prints how long that takes. */
import { mutualExclusion } from '../../src/checkers/mutual-exclusion.js';
import { indexHistory } from '../../src/checkers/sections.js';
import { REPETITIONS } from './arm.js';
import { largeHistory } from './large-history.js';

export interface CheckerTimes {
  readonly operations: number;
  readonly seconds: readonly number[];
}

const OPERATIONS = 1_000_000;

const history = largeHistory(OPERATIONS);
const seconds: number[] = [];
for (let repetition = 0; repetition < REPETITIONS; repetition++) {
  const startMs = performance.now();
  const verdict = mutualExclusion.check(indexHistory(history));
  if (verdict.verdict !== 'valid') throw new Error('the large history is valid by construction');
  seconds.push((performance.now() - startMs) / 1_000);
}
const times: CheckerTimes = { operations: OPERATIONS, seconds };
process.stdout.write(JSON.stringify(times));

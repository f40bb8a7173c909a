/** How a late access is told: when it was called, when it left, and what stood between (R12). */
import { expect, test } from 'vitest';
import { resourceSafety } from '../../src/checkers/resource-safety.js';
import { indexHistory } from '../../src/checkers/sections.js';
import { narrate } from '../../src/story/narrative/index.js';
import { write } from '../checkers/access-records.js';
import { holderReplaced } from '../checkers/canonical-stories.js';
import { traceOf } from './telling.js';

/** A sleeps until 10.003 s, and its write leaves when it wakes. */
function lateWrite(calledMs: number): string {
  const trace = traceOf(
    holderReplaced()
      .pause('A', 3, 10_003)
      .add({
        type: 'step',
        atUs: 10_003_000,
        calledAtUs: calledMs * 1000,
        grant: 1,
        client: 'A',
        access: 'write',
      })
      .add(write(2, 'B', 10_004))
      .add(write(1, 'A', 10_005)),
  );
  return narrate(resourceSafety.check(indexHistory(trace.history)), trace);
}

test('R12 a write that was called before the pause was held by it', () => {
  const held = 'left at 10.003 s: it was called at 3 ms, and A was paused inside the call,';
  expect(lateWrite(3)).toContain(held);
});

test('R12 a write that was called when its client woke was not', () => {
  expect(lateWrite(10_003)).toContain('left at 10.003 s, and reached the resource at 10.005 s');
});

/** Which verdicts a run keeps in which lock code went by the host's time (D5, D8, R13). */
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/finding.js';
import { wentByRealTime, withoutRealTime } from '../../src/search/real-time.js';
import type { Property, PropertyVerdict, ViolationClass } from '../../src/verdict.js';

const finding = (kind: Finding['kind'], isOfTime = false): Finding => ({
  kind,
  message: 'as a test says',
  ...(isOfTime && { isOfTime }),
});

function invalid(
  property: Property,
  violationClass?: ViolationClass,
  cause?: string,
): PropertyVerdict {
  const named = { ...(violationClass && { class: violationClass }), ...(cause && { cause }) };
  return { property, verdict: 'invalid', ...named, witness: [1] };
}

describe('D8 whether lock code went by the time of the host', () => {
  test.each([
    ['nothing', [], false, false],
    ['a clock or timer', [finding('threw'), finding('host-clock', true)], false, true],
    ['randomness', [finding('host-clock')], false, false],
    ['real work', [finding('real-asynchronous-work', true)], false, true],
    ['a hang', [finding('never-settles')], false, false],
    ['a hang of a lock that begins real work', [finding('never-settles')], true, true],
    ['another finding about such a lock', [finding('threw')], true, false],
  ] as const)('D8 %s', (_name, findings, beginsRealWork, went) => {
    expect(wentByRealTime(findings, beginsRealWork)).toBe(went);
  });
});

describe('R13 a run by the time of the host', () => {
  test.each([
    invalid('progress', undefined, 'not-completed'),
    invalid('belief', undefined, 'late-push'),
    invalid('leak', 'until-ttl'),
    invalid('leak', 'for-ever'),
    invalid('mutual-exclusion', 'stale-belief'),
    invalid('permits', 'stale-belief'),
    invalid('resource-safety'),
    invalid('resource-safety', 'damage', 'lost-update'),
    invalid('reentrancy', undefined, 'waited'),
  ])('R13 does not tell: $property $class $cause', (found) => {
    const [left] = withoutRealTime([found]);
    expect(left).toMatchObject({ property: found.property, verdict: 'unknown', witness: [] });
    expect(left!.reason).toMatch(/^the lock code went by the host's time/);
  });

  test.each<PropertyVerdict>([
    invalid('mutual-exclusion', 'double-grant'),
    invalid('read-write', 'inherent-overlap'),
    invalid('ownership', undefined, 'deleted'),
    invalid('fencing', undefined, 'reused'),
    invalid('fairness', undefined, 'overtaken'),
    invalid('reentrancy', undefined, 'dropped'),
    { property: 'progress', verdict: 'valid', witness: [] },
    { property: 'belief', verdict: 'not-applicable', reason: 'no signal', witness: [] },
  ])('R13 tells all the same: $property $verdict $class $cause', (found) => {
    expect(withoutRealTime([found])).toEqual([found]);
  });

  test('R13 tells of the resource where the run tells of two holders, or of a lease ended', () => {
    const damage = invalid('resource-safety');
    for (const cause of [invalid('mutual-exclusion', 'double-grant'), invalid('ownership')]) {
      expect(withoutRealTime([cause, damage])).toEqual([cause, damage]);
    }
    const stale = [invalid('mutual-exclusion', 'stale-belief'), damage];
    expect(withoutRealTime(stale).map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown']);
  });
});

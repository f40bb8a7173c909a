/**
 * Rows and narratives of hand-made stories. The golden files are there to be read; the assertions
 * say what every story must keep to.
 */
import { describe, expect, test } from 'vitest';
import { indexHistory } from '../../src/checkers/sections.js';
import { findMalformation } from '../../src/checkers/well-formed.js';
import { narrate } from '../../src/story/narrative/index.js';
import { storyRows } from '../../src/story/rows.js';
import { instant } from '../../src/story/words.js';
import type { PropertyVerdict } from '../../src/verdict.js';
import { DECLARED_STORIES } from './declared-stories.js';
import { STORIES as PLAIN_STORIES, type Told } from './stories.js';
import { traceOf } from './telling.js';

const STORIES = [...PLAIN_STORIES, ...DECLARED_STORIES];
const LONGEST_STORY = 15;

function judged({ checker, tell, beneath }: Told) {
  const trace = traceOf(tell(), beneath);
  const verdict = checker.check(indexHistory(trace.history));
  return { trace, verdict, rows: storyRows(trace, verdict), why: narrate(verdict, trace) };
}

describe.each(STORIES)('$name', (told) => {
  const { trace, verdict, rows, why } = judged(told);

  test('is a violation in a history that makes sense', () => {
    expect(findMalformation(trace.history)).toBeUndefined();
    expect(verdict.verdict).toBe('invalid');
  });

  test('has few rows, in order, and the last one is where the property breaks', () => {
    expect(rows.length).toBeLessThanOrEqual(LONGEST_STORY);
    const times = rows.map(({ atUs }) => atUs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const marks = rows.map(({ mark }) => mark);
    expect(marks.indexOf('violation')).toBe(rows.length - 1);
  });

  test('is told in sentences that say what helps', () => {
    expect(why).not.toMatch(/undefined|NaN|Infinity|\bnull\b|\[object/);
    expect(why).toMatch(/(What helps: |helps)/);
    expect(why).toMatch(/^[A-Z].*\.$/);
    expect(why).not.toMatch(/ {2}|\.\.|,\.|: \./);
  });

  test('names the one who offended', () => {
    expect(why).toContain(verdict.offender!.host);
  });
});

test.each([...new Set(STORIES.map(({ checker }) => checker.property))])(
  'stories of %s read as in their golden file',
  async (property) => {
    const blocks = STORIES.filter(({ checker }) => checker.property === property).map(blockOf);
    await expect(blocks.join('\n')).toMatchFileSnapshot(`../golden/story/${property}.txt`);
  },
);

function blockOf(told: Told): string {
  const { verdict, rows, why } = judged(told);
  const lines = rows.map(({ atUs, host, kind, text, servers = [], mark = '' }) =>
    [instant(atUs).padStart(11), host.padEnd(5), kind.padEnd(9), mark.padEnd(9), text, ...servers]
      .join(' ')
      .trimEnd(),
  );
  return [`# ${told.name}: ${nameOf(verdict)}`, ...lines, '', why, ''].join('\n');
}

function nameOf(verdict: PropertyVerdict): string {
  return [verdict.class, verdict.cause].filter((word) => word !== undefined).join(', ');
}

test('every cause that a checker gives has a story', () => {
  const causes = new Set(STORIES.map((told) => nameOf(judged(told).verdict)));
  const expected = [
    'double-grant',
    'inherent-overlap, pause-inside-call',
    'late-write',
    'late-read',
    'reused',
    'not-increasing',
    'missing',
    'foreign',
    'deleted',
    'overwritten',
    'until-ttl, client-died',
    'until-ttl, released',
    'until-ttl, not-granted',
    'until-ttl, told',
    'for-ever, no-term',
    'for-ever, extended',
    'lost-wake-up',
    'not-completed',
    'deadlock',
    'overlong-wait',
    'late-push',
    'late-pull',
    'early',
    'refused',
    'waited',
    'dropped',
    'overtaken',
    'not-queued',
  ];
  expect(expected.filter((cause) => !causes.has(cause))).toEqual([]);
});

/** Stories on real servers in two groups: where they come from, what the report says of them. */
import { describe, expect, test } from 'vitest';
import { withSection } from '../../scripts/conformance/report.js';
import { builtInStories } from '../../scripts/stories/built-in.js';
import { groupOf, merged, renewed, unlike } from '../../scripts/stories/group.js';
import { publishedStories } from '../../scripts/stories/published.js';
import { storiesSections } from '../../scripts/stories/report.js';
import { story } from '../timeline/conformance/stories.js';

const published = story({ id: 'the-pause' });
const missing = story({
  id: 'the-clock',
  outcome: 'cannot-be-played',
  why: 'the clock of e1 | cannot be moved',
});
const builtIn = story({ id: 'set-nx: mutual-exclusion' });
const again = story({ id: 'set-nx: mutual-exclusion', attempts: 2 });

describe('where they come from', () => {
  test('every published failure that a run shows', () => {
    const stories = publishedStories();
    expect(stories.length).toBeGreaterThan(30);
    expect(stories.map(({ code }) => code.slice(0, 4))).toEqual(stories.map(() => 'hf1_'));
  });

  test('every property that a built-in lock breaks; only locks that are asked for are searched', async () => {
    const said: string[] = [];
    const stories = await builtInStories(
      ({ id }) => id === 'no-ttl: leak' || id === 'no-ttl: fairness',
      (line) => said.push(line),
    );
    expect(stories).toMatchObject([{ id: 'no-ttl: leak', lock: 'no-ttl', property: 'leak' }]);
    expect(stories[0]!.code).toMatch(/^hf1_/);
    expect(said).toEqual(['found            no-ttl: leak']);
  });

  test('what is published is not played twice', () => {
    const one = { id: 'a: leak', lock: 'a', property: 'leak', code: 'hf1_a' };
    const otherProperty = { ...one, id: 'a: progress', property: 'progress' };
    const otherRun = { ...one, code: 'hf1_b' };
    const known = [{ ...one, id: 'known' }];
    expect(unlike([one, otherProperty, otherRun], known)).toEqual([otherProperty, otherRun]);
  });
});

describe('groups', () => {
  test('are told by the id', () => {
    expect([published, builtIn].map(groupOf)).toEqual(['published', 'built-in']);
    expect(groupOf(story({ id: 'redlock: leak' }))).toBe('published');
    const { id: _id, ...nameless } = story();
    expect(groupOf(nameless)).toBe('published');
  });

  test.each([
    ['published', [missing], [missing, builtIn]],
    ['built-in', [again], [published, again]],
    [undefined, [again, missing], [missing, again]],
  ] as const)('%s alone replaces its own part', (only, played, expected) => {
    expect(merged([builtIn, published], played, { only })).toEqual(expected);
  });

  test('one lock alone replaces its own part, where that was', () => {
    const leak = story({ id: 'redlock: leak', lock: 'redlock', property: 'leak' });
    const ofOther = story({ id: 'no-ttl: leak', lock: 'no-ttl', property: 'leak' });
    const before = [published, builtIn, leak, ofOther];
    const now = { ...leak, attempts: 2 };
    expect(merged(before, [now], { lock: 'redlock' })).toEqual([published, builtIn, now, ofOther]);
    expect(merged([published, ofOther], [now], { lock: 'redlock' })).toEqual([
      published,
      ofOther,
      now,
    ]);
    expect(merged(before, [], { lock: 'redlock' })).toEqual([published, builtIn, ofOther]);
  });
});

test('what is played once more takes the place of what was there', () => {
  expect(renewed([published, builtIn], [again])).toEqual([published, again]);
});

describe('the sections of the report', () => {
  const other = story({
    id: 'set-nx: leak',
    property: 'leak',
    outcome: 'not-reproduced',
    why: 'another reply',
  });
  const [ofPublished = '', ofBuiltIn = '', ofAll = ''] = storiesSections([
    published,
    missing,
    builtIn,
    other,
  ]);

  test('say of each group how many are confirmed, and of each story the command', () => {
    expect(ofPublished).toContain('## Published failures on real servers\n');
    expect(ofPublished).toContain(
      'Of 2 published failures 1 can be played, and 1 of them (100 %) are confirmed.',
    );
    expect(ofPublished).toContain('**cannot be played here**: the clock of e1 \\| cannot be moved');
    expect(ofPublished).not.toContain('set-nx: ');
    expect(ofBuiltIn).toContain('## Smallest runs of built-in locks on real servers\n');
    expect(ofBuiltIn).toContain(
      'Of 2 smallest runs of built-in locks 2 can be played, and 1 of them (50 %) are confirmed.',
    );
    expect(ofBuiltIn).toContain('| `set-nx: leak` | `set-nx` | leak');
    expect(ofBuiltIn).toContain(
      'set-nx: leak\n  npx holdfast real replay hf1_abc --property leak\n',
    );
  });

  test('say how many of all that can be played are confirmed', () => {
    const rows = ofAll.split('\n').filter((line) => line.startsWith('| '));
    expect(rows.slice(1)).toEqual([
      '| published failures | 2 | 1 | 1 | 100 % |',
      '| smallest runs of built-in locks | 2 | 2 | 1 | 50 % |',
      '| **all** | 4 | 3 | 2 | 66 % |',
    ]);
  });

  test('say nothing of a group that was never played', () => {
    expect(storiesSections([published])).toHaveLength(2);
  });

  test('each has its place on the page', () => {
    const page = '# Title\n\n## Published failures on real servers\n\nold\n\n## Another\n\nkept\n';
    const once = [ofPublished, ofBuiltIn, ofAll].reduce(withSection, page);
    expect(once).toMatch(/^# Title.*## Published.*## Another\n\nkept.*## Smallest.*## Stories/s);
    expect(once).not.toContain('old\n');
    expect([ofPublished, ofBuiltIn, ofAll].reduce(withSection, once)).toBe(once);
  });
});

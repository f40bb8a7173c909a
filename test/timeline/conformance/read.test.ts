/** Reading conformance documents: ours come back, and whatever is broken is refused by place. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  conformanceOf,
  isConformance,
  type StoryReport,
} from '../../../src/timeline/conformance/document.js';
import { readConformance } from '../../../src/timeline/conformance/read.js';
import { DocumentProblem } from '../../../src/timeline/reading/json.js';
import { service, story } from './stories.js';

/** What is said of it; fails if nothing is. */
function problem(document: unknown): string {
  const content = typeof document === 'string' ? document : JSON.stringify(document);
  try {
    readConformance(content, 'c.json');
  } catch (error) {
    expect(error).toBeInstanceOf(DocumentProblem);
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

const head = { format: 'holdfast-conformance', v: 1 };
const whole = { ...conformanceOf([story(), story({ id: 'two' })]), services: [service()] };

test.each(['conformance-stories.json', 'conformance-servers.json'])('%s is one', (name) => {
  const content = readFileSync(new URL(`../../../reports/${name}`, import.meta.url), 'utf8');
  expect(isConformance(content)).toBe(true);
  expect(readConformance(content, name)).toEqual(JSON.parse(content));
});

test('what is written is read, with fields that a later Holdfast may add', () => {
  const more = { ...whole, engine: '9.0.0' };
  expect(readConformance(JSON.stringify(more), 'c.json')).toEqual(more);
  const { timing: _timing, id: _id, class: _class, ...bare } = story();
  expect(readConformance(JSON.stringify(conformanceOf([bare])), 'c.json').stories).toEqual([bare]);
});

test('a trace, and a document that only quotes the word, are none', () => {
  expect(isConformance('{"format":"holdfast-trace","v":1}')).toBe(false);
  expect(isConformance(`{"title":"${'x'.repeat(300)}","format":"holdfast-conformance"}`)).toBe(
    false,
  );
});

describe('the sentences', () => {
  const withStory = (more: object) => ({ ...head, stories: [story(), { ...story(), ...more }] });

  test.each([
    ['', 'c.json is empty; write the document again'],
    [
      JSON.stringify(whole).slice(0, 90),
      'c.json ends in the middle, after 90 characters; copy or write it again, whole',
    ],
    ['hello', /^c\.json is no JSON: ./],
    [
      [story()],
      'c.json: this is no conformance document: ' +
        'its format is missing, not "holdfast-conformance"; ' +
        'write one with `npx holdfast real replay <code> --json`',
    ],
    [{ format: 'holdfast-trace', v: 1 }, /: its format is "holdfast-trace", not "holdfast-conf/],
    [{ ...whole, v: 2 }, 'c.json: v is 2, and this Holdfast reads version 1 of the format'],
    [{ format: 'holdfast-conformance' }, /^c\.json: v is missing, and this/],
    [head, 'c.json: it holds neither stories nor services: there is nothing to show'],
    [{ ...head, stories: {} }, 'c.json: stories must be a list; it is an object'],
    [withStory({ lock: 7 }), 'c.json: stories[1].lock must be a text; it is 7'],
    [withStory({ code: undefined }), 'c.json: stories[1].code is missing; it must be a text'],
    [
      withStory({ outcome: 'perhaps' }),
      'c.json: stories[1].outcome must be one of confirmed, not-reproduced, cannot-be-played; ' +
        'it is "perhaps"',
    ],
    [
      withStory({ faults: ['pause', null] }),
      /stories\[1\]\.faults\[1\] must be a text; it is null/,
    ],
    [
      withStory({ attempts: 0 }),
      /stories\[1\]\.attempts must be a whole number from 1 on; it is 0/,
    ],
    [
      withStory({ timing: { steps: 3, medianUs: 1, p95Us: '2', maxUs: 3 } }),
      'c.json: stories[1].timing.p95Us must be a number; it is "2"',
    ],
    [
      withStory({ environment: { r1: 7 } }),
      /stories\[1\]\.environment\.r1 must be a text; it is 7/,
    ],
    [
      withStory({ outcome: 'not-reproduced' }),
      'c.json: stories[1].why is missing: its outcome is not-reproduced',
    ],
    [
      { ...head, services: [{ ...service(), divergences: 0 }] },
      'c.json: services[0].divergences must be a list; it is 0',
    ],
  ])('%#', (document, sentence) => {
    if (typeof sentence === 'string') expect(problem(document)).toBe(sentence);
    else expect(problem(document)).toMatch(sentence);
  });
});

describe('docs/conformance-format.md', () => {
  const url = new URL('../../../docs/conformance-format.md', import.meta.url);
  const page = readFileSync(url, 'utf8');
  const { timing, ...rest }: StoryReport = story();
  const full: Required<StoryReport> = {
    ...rest,
    id: 'a',
    lockFile: 'a.ts',
    class: 'double-grant',
    why: 'b',
    atUs: 1,
    timing: timing!,
  };
  const parts: Readonly<Record<string, object>> = {
    'The file': whole,
    'A story': full,
    'The timing of a story': timing!,
    'A service': service(),
  };

  test.each(Object.entries(parts))('has every field, and no other: %s', (heading, part) => {
    const [, section] = page.split(`### ${heading}\n`);
    const table = section!.split('\n#', 1)[0]!;
    const named = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(Object.keys(part).sort());
  });
});

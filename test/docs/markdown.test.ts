/** The reader of pages: what it finds, and what it must not overlook. */
import { expect, it } from 'vitest';
import { anchorsOf, blocksOf, linksOf } from './markdown.js';
import { comparable, matches, updated } from './transcript.js';

const FENCE = '```';
const fenced = (info: string, ...lines: string[]) => [`${FENCE}${info}`, ...lines, FENCE];
const page = (...lines: string[]) => `${lines.join('\n')}\n`;

it('finds blocks with their language, words and line', () => {
  const blocks = blocksOf(page('# A', '', ...fenced('sh exit=1', 'a', 'b'), '', 'x'));
  expect(blocks).toEqual([{ language: 'sh', words: ['exit=1'], text: 'a\nb', line: 4 }]);
});

it('attaches output to the command right before it, and to nothing else', () => {
  const blocks = blocksOf(
    page(
      ...fenced('sh', 'one'),
      '',
      ...fenced('text', '1'),
      ...fenced('sh', 'two'),
      'and a picture:',
      ...fenced('text', '2'),
      ...fenced('text', '3'),
    ),
  );
  expect(blocks.map(({ text, output }) => [text, output?.text])).toEqual([
    ['one', '1'],
    ['two', undefined],
    ['2', undefined],
    ['3', undefined],
  ]);
});

it('does not take the inside of a longer fence for blocks', () => {
  const text = page('````text', ...fenced('sh', 'x'), '````');
  expect(blocksOf(text)).toHaveLength(1);
});

it('refuses a block without an end', () => {
  expect(() => blocksOf(page('```sh', 'x'))).toThrow('line 1');
});

it('finds links outside of code', () => {
  const text = page('[a](b.md#c) `[x](y)`', ...fenced('text', '[n](o)'), '[d](https://e.f)');
  expect(linksOf(text)).toEqual([
    { target: 'b.md#c', line: 1 },
    { target: 'https://e.f', line: 5 },
  ]);
});

it('makes anchors as GitHub does', () => {
  expect(anchorsOf('## The 22 stories\n### R0 Time, order, records\n')).toEqual([
    'the-22-stories',
    'r0-time-order-records',
  ]);
});

const SHOWN = '  300 runs · 1.6 s · 255 k events/s · reached: contention 281';

it('excepts real time, rates and replay codes from the comparison', () => {
  const real = '  300 runs · 12 ms · 1.1 M events/s · reached: contention 281';
  expect(matches(SHOWN, `${real}\n`)).toBe(true);
  expect(matches('replay hf1_ab…', 'replay hf1_abCD-_9')).toBe(true);
  expect(comparable('at 10.003 s')).toEqual(['at 10.003 s']);
});

it('compares everything else', () => {
  expect(matches(SHOWN, SHOWN.replace('281', '282'))).toBe(false);
  expect(matches('10.003 s granted', '10.004 s granted')).toBe(false);
  expect(matches('a', 'a\nb')).toBe(false);
  expect(matches('a\nb', 'a')).toBe(false);
  expect(matches('digest f2154873', 'digest f2154874')).toBe(false);
});

it('lets a line of three dots stand for any lines, none too', () => {
  expect(matches('a\n…\nd', 'a\nb\nc\nd')).toBe(true);
  expect(matches('a\n…\nd', 'a\nd')).toBe(true);
  expect(matches('a\n…', 'a\nb')).toBe(true);
  expect(matches('a\n…\nd', 'a\nb\nc')).toBe(false);
});

it('cuts replay codes short, and what it writes is what it accepts', () => {
  const output = '  replay hf1_abcdefghijklmnopq-_9 --lock x  \n\n';
  expect(updated('anything', output)).toEqual(['  replay hf1_abcdefgh… --lock x']);
  expect(matches(updated('anything', output).join('\n'), output)).toBe(true);
});

it('updates what a page shows, and cuts where the page cuts', () => {
  const shown = 'configured: 1\n…\nverdict: fine, 3 of 4\n  old\nend of verdict: 1\n…';
  const real =
    'configured: 2\nnoise\nverdict: fine, 5 of 6\n  new\n  too\nend of verdict: 2\nmore\n';
  const page = updated(shown, real).join('\n');
  expect(page).toBe('configured: 2\n…\nverdict: fine, 5 of 6\n  new\n  too\nend of verdict: 2\n…');
  expect(matches(page, real)).toBe(true);
  expect(() => updated('something else\n…', real)).toThrow('something el');
});

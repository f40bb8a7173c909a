/** What is named instead of a replay code: a file that holds one, or something else. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { codeOf } from '../../src/host/code-text.js';

const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-code-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file that holds a code stands for it', () => {
  const file = path.join(folder, 'code');
  writeFileSync(file, 'hf1_abc\n');
  expect(codeOf(file)).toBe('hf1_abc');
});

test.each(['', '{"format": "holdfast-trace"}', '\u0000\u0001'])(
  'a file that holds %j',
  (content) => {
    const file = path.join(folder, 'other');
    writeFileSync(file, content);
    expect(() => codeOf(file)).toThrow(
      `${file} is no replay code (they begin with hf1_) and no file that holds one`,
    );
  },
);

test('nothing is named as nothing', () => {
  expect(() => codeOf('')).toThrow('"" is no replay code');
});

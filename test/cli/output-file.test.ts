/** A file that cannot be written is told before a campaign of minutes, not after it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mustBeWritable } from '../../src/cli/output-file.js';
import { holdfast, refusing } from './command-line.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-output-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const COMMANDS = [
  ['check', 'set-nx', '--report'],
  ['check', 'set-nx', '--trace'],
  ['check', './mine.ts', '--watch', '--report'],
  ['check', '--all', '--report'],
  ['run', 'set-nx', '--trace'],
  ['replay', 'hf1_a', '--trace'],
];

describe('before anything runs', () => {
  test.each(COMMANDS)('%s %s %s %s', async (...argv) => {
    const option = argv.at(-1);
    const cases = [
      [folder, 'EISDIR', 'it is a folder: name a file in it'],
      [`${folder}/new/`, 'EISDIR', 'it is a folder: name a file in it'],
      [
        path.join(folder, 'no', 'x'),
        'ENOENT',
        `there is no folder ${path.join(folder, 'no')}: create it, or name another file`,
      ],
    ] as const;
    for (const [file, code, remedy] of cases) {
      const heard = await holdfast([...argv, file]);
      expect(heard).toMatchObject({ code: 64, out: '', asked: [] });
      expect(heard.err).toBe(
        `holdfast: ${option}: ${file} cannot be written (${code}); ${remedy}\n`,
      );
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test('two options that name one file', async () => {
    const file = path.join(folder, 'both');
    const heard = await holdfast(['check', 'set-nx', '--report', file, '--trace', file]);
    expect(heard).toMatchObject({ code: 64, asked: [] });
    expect(heard.err).toContain(`--trace and --report both name ${file}; name a file for each`);
  });
});

test('what can be written is left as it is until there is something to write', async () => {
  const [made, absent] = [path.join(folder, 'made.html'), path.join(folder, 'absent.json')];
  writeFileSync(made, 'of yesterday');
  const { code } = await holdfast(['check', 'set-nx', '--report', made, '--trace', absent], {
    engine: refusing('no'),
  });
  expect(code).toBe(64);
  expect(readFileSync(made, 'utf8')).toBe('of yesterday');
  expect(readdirSync(folder)).toEqual(['made.html']);
});

test('what stands in the way is named', () => {
  const file = path.join(folder, 'file');
  writeFileSync(file, '');
  mkdirSync(path.join(folder, 'folder'));
  const words = (name: string) => () => mustBeWritable('--out', name);
  expect(words(path.join(file, 'x'))).toThrow(
    `--out: ${file}/x cannot be written (ENOTDIR); ${file} is no folder: name another file`,
  );
  expect(words('')).toThrow('--out: a file without a name cannot be written (ENOENT); give it one');
  expect(words(path.join(folder, 'x'.repeat(300)))).toThrow('(ENAMETOOLONG); name another file');
  expect(words(path.join(folder, 'folder', 'x'))).not.toThrow();
});

/** A file that cannot be written is told before a campaign of minutes, not after it. */
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mustBeWritable, writeOutput } from '../../src/cli/output-file.js';
import { engineThat, holdfast, refusing } from './command-line.js';
import { lockReport } from './reports.js';

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

  test('a link to where there is no folder', async () => {
    const [link, no] = [path.join(folder, 'link'), path.join(folder, 'no')];
    symlinkSync('no/x', link);
    const heard = await holdfast(['check', 'set-nx', '--report', link]);
    expect(heard).toMatchObject({ code: 64, out: '', asked: [] });
    expect(heard.err).toBe(
      `holdfast: --report: ${link} cannot be written (ENOENT); there is no folder ${no}, to ` +
        'which it links: create it, or name another file\n',
    );
  });

  test('a folder in which nothing can be created', async () => {
    const heard = await holdfast(['check', 'set-nx', '--report', '/proc/x.html']);
    expect(heard).toMatchObject({ code: 64, out: '', asked: [] });
    const code = process.getuid?.() === 0 ? 'ENOENT' : 'E[A-Z]+';
    expect(heard.err).toMatch(
      new RegExp(`--report: /proc/x.html cannot be written \\(${code}\\); `),
    );
    expect(heard.err).not.toContain('there is no folder');
  });

  test('a file that the command reads', async () => {
    const [lock, link] = [path.join(folder, 'my-lock.ts'), path.join(folder, 'link')];
    writeFileSync(lock, 'of mine');
    symlinkSync('my-lock.ts', link);
    const heard = await holdfast(['check', lock, '--trace', link]);
    expect(heard).toMatchObject({ code: 64, asked: [] });
    expect(heard.err).toBe(
      `holdfast: --trace: ${link} is read, and would be lost; name another file\n`,
    );
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

test('a link to a file that is not there yet is no obstacle, and stays one', () => {
  const link = path.join(folder, 'link');
  symlinkSync('x', link);
  mustBeWritable('--out', link);
  expect(readdirSync(folder)).toEqual(['link']);
  writeOutput('--out', link, 'text');
  expect(readFileSync(path.join(folder, 'x'), 'utf8')).toBe('text');
});

test('a FIFO that nobody reads is told, and not waited for', () => {
  const fifo = path.join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  mustBeWritable('--out', fifo);
  expect(() => writeOutput('--out', fifo, 'text')).toThrow(
    `--out: ${fifo} cannot be written (ENXIO); nobody reads it: have it read, or name another file`,
  );
});

test('a document that was printed is not followed by another one about its file', async () => {
  const file = path.join(folder, 'gone', 'x.html');
  mkdirSync(path.dirname(file));
  const engine = engineThat(lockReport());
  const check: typeof engine.check = (...asked) => {
    rmSync(path.dirname(file), { recursive: true });
    return engine.check(...asked);
  };
  const heard = await holdfast(['check', 'set-nx', '--json', '--report', file], {
    engine: { check },
  });
  expect(heard.code).toBe(64);
  expect(JSON.parse(heard.out)).toMatchObject({ verdict: 'valid' });
  expect(heard.err).toContain(`there is no folder ${path.dirname(file)}: create it`);
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

/** `holdfast new` and `--watch`: a lock file, and what happens when it changes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { holdfast } from './command-line.js';
import { brokenReport, lockReport } from './reports.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('new writes the example under its own name, and says what to do next', async () => {
  const file = path.join(folder, 'seat-lock.ts');
  const { code, out } = await holdfast(['new', file]);
  expect(code).toBe(0);
  expect(out).toContain(`npx holdfast check ${file}`);
  const example = readFileSync(new URL('../../examples/my-lock.ts', import.meta.url), 'utf8');
  const text = readFileSync(file, 'utf8');
  expect(text).toBe(example.replaceAll('my-lock', 'seat-lock'));
  expect(text).toContain("name: 'seat-lock'");
});

test('new overwrites nothing', async () => {
  const file = path.join(folder, 'mine.ts');
  writeFileSync(file, 'precious');
  const { code, err } = await holdfast(['new', file]);
  expect(code).toBe(64);
  expect(err).toBe(`holdfast: ${file} exists already; new overwrites nothing\n`);
  expect(readFileSync(file, 'utf8')).toBe('precious');
});

test('new with --json is a document', async () => {
  const file = path.join(folder, 'mine.ts');
  const { out } = await holdfast(['new', file, '--json']);
  expect(JSON.parse(out)).toEqual({ written: file, next: `holdfast check ${file}` });
  expect(existsSync(file)).toBe(true);
});

test('--watch checks again when the file changes, and ends with the last code', async () => {
  const file = path.join(folder, 'mine.ts');
  writeFileSync(file, '1');
  let interrupt = () => {};
  let checks = 0;
  const reports = [lockReport(), brokenReport('failover')];
  const heard = await holdfast(['check', file, '--watch'], {
    engine: {
      check: () => {
        checks++;
        const report = reports.shift()!;
        // The watch began before the check: a change during it counts.
        if (checks === 1) setTimeout(() => writeFileSync(file, '2'), 50);
        else setTimeout(() => interrupt(), 50);
        return Promise.resolve(report);
      },
    },
    isTTY: true,
    env: { NO_COLOR: '1' },
    interrupts: (raise) => {
      interrupt = raise;
    },
  });
  expect({ checks, code: heard.code }).toEqual({ checks: 2, code: 1 });
  expect(heard.err).toContain(`watching ${file}; Ctrl-C ends`);
  expect(heard.out.split('\u001b[2J')).toHaveLength(3);
});

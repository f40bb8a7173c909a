/** Scenarios of a command line: by a name of ours, or in a file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readScenario } from '../../src/cli/scenario-file.js';
import { UsageError } from '../../src/host/engine-api.js';
import { engineThat, holdfast } from './command-line.js';
import { lockReport } from './reports.js';

describe('a scenario by name', () => {
  test('is that of a pitfall, or of its remedy', () => {
    expect(readScenario('clock-skew')).toMatchObject({ algorithm: 'set-nx' });
    expect(readScenario('clock-skew-mended')).toMatchObject({ algorithm: 'set-nx-fenced' });
  });

  test('that nobody has is answered with the nearest', () => {
    expect(() => readScenario('clock-skw')).toThrow(
      'there is no scenario clock-skw; did you mean clock-skew? ' +
        "(a file's name has a dot or a slash in it)",
    );
  });
});

test('a scenario in a file that is wrong is refused with the file and the path in it', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-scenario-'));
  const file = path.join(folder, 'wrong.json');
  try {
    writeFileSync(file, JSON.stringify({ ...readScenario('clock-skew'), ttlMs: 0 }));
    expect(() => readScenario(file)).toThrow(UsageError);
    const sentence = 'ttlMs: expected a whole number of milliseconds';
    expect(() => readScenario(file)).toThrow(`${file}: ${sentence}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('a scenario about a lock that is not there, with another one named', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-scenario-'));
  const file = path.join(folder, 'other.json');
  const about = (algorithm: string) =>
    writeFileSync(file, JSON.stringify({ ...readScenario('clock-skew'), algorithm }));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const WARNING =
    'holdfast: the scenario is about "set-xn", and there is no such lock; ' +
    'set-nx, which you named, is run in its place\n';

  test.each([
    [['check', 'set-nx', '--quiet'], 0],
    [['run', 'set-nx'], 1],
  ])('is run, and told: %s', async (argv, code) => {
    about('set-xn');
    const heard = await holdfast([...argv, '--scenario', file]);
    expect(heard).toMatchObject({ code, err: WARNING });
  });

  test('is nothing to tell if the lock file has that name, or a lock of ours', async () => {
    const named = { ...lockReport().configuration, algorithm: 'my-lock' };
    about('my-lock');
    const engine = engineThat({ ...lockReport(), configuration: named });
    const own = await holdfast(['check', './mine.ts', '--scenario', file], { engine });
    expect(own).toMatchObject({ code: 0, err: '' });
    about('blind-delete');
    const other = await holdfast(['check', 'set-nx', '--scenario', file]);
    expect(other).toMatchObject({ code: 0, err: '' });
  });
});

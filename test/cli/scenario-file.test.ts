/** Scenarios of a command line: by a name of ours, or in a file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readScenario } from '../../src/cli/scenario-file.js';
import { UsageError } from '../../src/host/engine-api.js';

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

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** What commands remember between two calls is not for those of tests to overwrite. */
const XDG_CACHE_HOME = mkdtempSync(path.join(tmpdir(), 'holdfast-cache-'));
process.once('exit', () => rmSync(XDG_CACHE_HOME, { recursive: true, force: true }));

/** Tests in a real browser, and tests on real servers: each kind has the machine to itself. */
const BROWSER = ['test/browser/**/*.test.ts'];
const REAL = ['test/real/**/*.test.ts', 'test/cli/real/*.test.ts', 'test/cli/servers.test.ts'];
/** Those of them in which stories are played that may not be late: nothing else runs beside it. */
const PLAYED = ['test/cli/real/stories.test.ts'];
/** A machine that was busy elsewhere for a moment makes real time late, not wrong. */
const RETRY = 1;

/**
 * Files of one worker share their modules: loading the engine anew for each of 400 files takes
 * three times as long as the tests do.
 */
export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { XDG_CACHE_HOME },
    isolate: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'simulated',
          include: ['test/**/*.test.ts'],
          exclude: [...BROWSER, ...REAL],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'browser', include: BROWSER, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          name: 'real',
          include: REAL,
          exclude: PLAYED,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          retry: RETRY,
        },
      },
      {
        extends: true,
        test: {
          name: 'played',
          include: PLAYED,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
          retry: RETRY,
        },
      },
    ],
  },
});

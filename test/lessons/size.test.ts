/** The first lesson should run at once on a slow line: all of them are small. */
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { expect, it } from 'vitest';
import { ROOT } from '../architecture/source.js';

const BYTES_MAX = 12.5 * 1_024;

it('all lessons, and what they need beside the simulator, are 12.5 KB', async () => {
  const built = (await build({
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      rolldownOptions: {
        input: path.join(ROOT, 'src/lessons/catalogue.ts'),
        external: [/seedrandom/],
        preserveEntrySignatures: 'strict',
        output: { codeSplitting: false },
      },
    },
  })) as Rolldown.RolldownOutput;
  const code = built.output.map((one) => (one.type === 'chunk' ? one.code : '')).join('');
  expect(code).toContain('one-holder');
  expect(gzipSync(code).length).toBeLessThanOrEqual(BYTES_MAX);
});

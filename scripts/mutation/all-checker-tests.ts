/** All tests of the checkers as one test file, so that one worker has collected all of them. */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve('test/checkers');
for (const file of readdirSync(folder).sort((a, b) => (a < b ? -1 : 1))) {
  if (file.endsWith('.test.ts')) await import(join(folder, file));
}

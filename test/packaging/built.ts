/** The built package, for tests that use it as its users do. `npm test` builds before it tests. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../architecture/source.js';

const MAIN = path.join(ROOT, 'dist/cli/main.js');

/** The command, built from the sources as they are. Throws if it is older than a source. */
export function builtMain(): string {
  if (!existsSync(MAIN)) throw new Error('there is no built package: npm run build');
  const builtMs = statSync(MAIN).mtimeMs;
  const newer = ['src', 'web']
    .map((folder) => newestUnder(path.join(ROOT, folder)))
    .reduce((a, b) => (b.changedMs > a.changedMs ? b : a));
  if (newer.changedMs > builtMs) {
    throw new Error(`the built package is older than ${newer.file}: npm run build`);
  }
  return MAIN;
}

function newestUnder(folder: string): { file: string; changedMs: number } {
  let newest = { file: folder, changedMs: 0 };
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const changedMs = statSync(file).mtimeMs;
    if (changedMs > newest.changedMs) newest = { file: path.relative(ROOT, file), changedMs };
  }
  return newest;
}

/** `holdfast new my-lock.ts`: a lock file to begin with. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../host/engine-api.js';
import type { Session } from '../context.js';
import { EXIT } from '../exit-code.js';
import { padEnd, widthOf } from '../text.js';

/** The example that ships with the package. */
const EXAMPLE = new URL('../../../examples/my-lock.ts', import.meta.url);
const EXAMPLE_NAME = 'my-lock';
const LOCK_NAME = /^[a-z][a-z0-9-]*$/;

export function newLock(session: Session, file: string, options: { json?: boolean }): number {
  const name = path.basename(file, path.extname(file));
  if (path.extname(file) !== '.ts') {
    throw new UsageError(
      `new writes a TypeScript file: the name ends in .ts, as in my-lock.ts; it got ${file}`,
    );
  }
  if (!LOCK_NAME.test(name)) {
    throw new UsageError(
      `a lock is named in small letters, digits and dashes, as in my-lock.ts; it got ${file}`,
    );
  }
  const text = readFileSync(EXAMPLE, 'utf8').replaceAll(EXAMPLE_NAME, name);
  write(file, text);
  const { terminal } = session;
  const shown = path.isAbsolute(file) || file.startsWith('.') ? file : `./${file}`;
  if (options.json === true) {
    terminal.line(JSON.stringify({ written: file, next: `holdfast check ${shown}` }, undefined, 2));
    return EXIT.valid;
  }
  terminal.line(`${file} is written: one Redis key with a TTL, released by its owner only.`);
  terminal.line();
  const steps = [
    [`npx holdfast check ${shown}`, 'see what breaks it'],
    [`npx holdfast check ${shown} --watch`, 'again whenever you save it'],
    ['npx holdfast explain stale-belief', 'what a word of the report means'],
  ] as const;
  const width = Math.max(...steps.map(([command]) => widthOf(command)));
  for (const [command, why] of steps) terminal.line(`  ${padEnd(command, width)}   ${why}`);
  return EXIT.valid;
}

/** Never over a file that is there. */
function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new UsageError(`${file} exists already; new overwrites nothing`);
    throw new UsageError(`${file} cannot be written (${code ?? 'unwritable'})`);
  }
}

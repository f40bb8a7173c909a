/** `holdfast real` as a command, with a folder of its own to work in. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { builtMain } from '../../packaging/built.js';

interface Ended {
  readonly code: number | string | null;
  readonly out: string;
  readonly err: string;
}

export interface Classic {
  readonly id: string;
  readonly property: string;
  readonly replay: string;
}

/** A file of the repository. */
export function read(file: string): string {
  return readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
}

export const classics = JSON.parse(read('examples/classics.json')) as readonly Classic[];

export const classic = (id: string) => classics.find((one) => one.id === id)!;

/** For the tests of a file. */
export function workIn(): { folder: string; real: (...argv: string[]) => Promise<Ended> } {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-real-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const env = { ...process.env, NO_COLOR: '1', COLUMNS: '80' };
  const options = { cwd: folder, env, timeout: 110_000 };
  const real = (...argv: string[]) =>
    new Promise<Ended>((resolve) => {
      execFile(process.execPath, [builtMain(), 'real', ...argv], options, (error, out, err) => {
        resolve({ code: error === null ? 0 : (error.code ?? null), out, err });
      });
    });
  return { folder, real };
}

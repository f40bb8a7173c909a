/**
 * Whether a real server is there to compare with. Without it, the comparison says loudly that it
 * did not happen; in CI it fails.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';

export interface Program {
  readonly name: string;
  /** A file of it, or its name on the PATH. */
  readonly file: string;
  /** Debian packages that have it. */
  readonly packages: string;
}

function isThere(file: string): boolean {
  if (file.includes('/')) return existsSync(file);
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.some((folder) => existsSync(path.join(folder, file)));
}

/**
 * Whether all of it is installed.
 *
 * @throws in CI, if it is not.
 */
export function isInstalled({ name, file, packages }: Program): boolean {
  if (isThere(file)) return true;
  const missing = `no ${name} (${file}): apt-get install ${packages}`;
  if (process.env['CI'] !== undefined) throw new Error(missing);
  console.warn(`\n!!! THE SIMULATED ${name.toUpperCase()} IS NOT COMPARED: ${missing}\n`);
  return false;
}

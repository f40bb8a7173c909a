/** Replay codes that are too long for a command line stand in files; `replay` takes either. */
import { writeFileSync } from 'node:fs';
import { hashString } from '../digest.js';

const CODE_LENGTH_MAX = 2_048;

/** What to write behind `holdfast replay`: the code, or the name of the file it now stands in. */
export function replayArgument(code: string): string {
  if (code.length <= CODE_LENGTH_MAX) return code;
  const file = `holdfast-${(hashString(code) >>> 0).toString(16)}.replay`;
  try {
    writeFileSync(file, `${code}\n`);
    return file;
  } catch {
    return code;
  }
}

/** A soak may last for hours: what a round recorded is gone when the round has been judged. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { builtMain } from '../../packaging/built.js';
import { itNeeds } from '../servers/needing.js';

const CHILD = fileURLToPath(new URL('./forgets-child.ts', import.meta.url));
const TIME_MS = 14_000;
const ROUND_MS = 200;

function soaked(): Promise<{ readonly rounds: number; readonly kept: number }> {
  const built = path.join(builtMain(), '../..');
  const args = ['--expose-gc', '--import', 'tsx', CHILD, built, `${TIME_MS}`, `${ROUND_MS}`];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { timeout: 110_000 }, (error, out) => {
      if (error !== null) reject(error);
      else resolve(JSON.parse(out));
    });
  });
}

itNeeds('redis')('a soak keeps nothing of the rounds that it has told of', async () => {
  const { rounds, kept } = await soaked();
  expect(rounds).toBeGreaterThan(1);
  expect(kept).toBe(0);
});

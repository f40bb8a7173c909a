/** Memory of a campaign of 100,000 runs, measured from outside in processes of their own. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Figure, summarize } from './arm.js';

const run = promisify(execFile);
const CHILD = fileURLToPath(new URL('./memory-child.js', import.meta.url));
const RUNS = 100_000;

async function child(mode: 'peak' | 'growth'): Promise<Record<string, number>> {
  const args = ['--expose-gc', CHILD, mode, String(RUNS)];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 1 << 20 });
  return JSON.parse(stdout) as Record<string, number>;
}

export async function memoryFigures(): Promise<Figure[]> {
  const { peakMb } = await child('peak');
  const { earlyMb, lateMb } = await child('growth');
  const campaign = `set-nx, ${RUNS.toLocaleString('en')} runs, every fault class`;
  const grown = (lateMb ?? 0) - (earlyMb ?? 0);
  return [
    summarize('peak memory', 'MB RSS', [peakMb ?? Number.NaN], `${campaign}, one worker`, {
      text: '≤ 256',
      atMost: 256,
    }),
    summarize(
      'heap growth',
      'MB',
      [grown],
      `${campaign}: after a collection at 10,000 and at 100,000 runs`,
      { text: '≤ 5', atMost: 5 },
    ),
  ];
}

/**
 * `npm run bench`: measures, and writes `reports/bench.json` and `reports/bench.md`. Never part of
 * a test: a slow machine is not a bug. It is compiled as the package is, so that it measures what
 * users run and not what a loader of TypeScript adds to it, with a heap as the thread of a campaign
 * has it (src/host/heap.ts).
 */
import { type Figure, REPETITIONS } from './arm.js';
import { lockFigures } from './lock-arms.js';
import { memoryFigures } from './memory-arms.js';
import { baselineFigures, checkerFigure, startFigure } from './other-arms.js';
import { shrinkFigures } from './shrink-arms.js';
import { speedFigures } from './speed-arms.js';
import { row, writeReport } from './table.js';

const COMMAND = 'npm run bench';

async function measure(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const arms: readonly (() => Promise<Figure[]>)[] = [
    speedFigures,
    lockFigures,
    async () => baselineFigures(),
    shrinkFigures,
    async () => [await startFigure(), await checkerFigure()],
    memoryFigures,
  ];
  for (const arm of arms) {
    for (const figure of await arm()) {
      figures.push(figure);
      process.stdout.write(`${row(figure)}\n`);
    }
  }
  return figures;
}

const figures = await measure();
writeReport('bench', {
  title: 'Benchmarks',
  command: COMMAND,
  repetitions: REPETITIONS,
  how: [
    `${REPETITIONS} interleaved repetitions; a target counts as`,
    'met if the median meets it. Ratios compare figures of one run on one machine.',
  ],
  figures,
});

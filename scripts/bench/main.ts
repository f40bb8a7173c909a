/**
 * `npm run bench`: measures, and writes `reports/bench.json` and `reports/bench.md`. Never part of
 * a test: a slow machine is not a bug. It is compiled as the package is, so that it measures what
 * users run and not what a loader of TypeScript adds to it, with a heap as the thread of a campaign
 * has it (src/host/heap.ts).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { type Figure, isMet, REPETITIONS } from './arm.js';
import { lockFigures } from './lock-arms.js';
import { memoryFigures } from './memory-arms.js';
import { baselineFigures, checkerFigure, startFigure } from './other-arms.js';
import { shrinkFigures } from './shrink-arms.js';
import { speedFigures } from './speed-arms.js';

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

function number(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(Number.isInteger(value) ? 0 : 2);
}

function row(figure: Figure): string {
  const { name, unit, median, min, max, target, workload } = figure;
  const met = isMet(figure);
  const verdict = met === undefined ? '' : met ? 'met' : '**missed**';
  const spread = `${number(min)}–${number(max)}`;
  const cells = [name, `${number(median)} ${unit}`, spread, target?.text ?? '', verdict, workload];
  return `| ${cells.join(' | ')} |`;
}

const figures = await measure();
const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'processor'}`;
const text = [
  '# Benchmarks',
  '',
  `Written by \`${COMMAND}\` on ${machine}.`,
  `${REPETITIONS} interleaved repetitions; a target counts as`,
  'met if the median meets it. Ratios compare figures of one run on one machine.',
  '',
  '| what | median | spread | target | | workload |',
  '|---|---|---|---|---|---|',
  ...figures.map(row),
  '',
].join('\n');
mkdirSync('reports', { recursive: true });
writeFileSync('reports/bench.md', text);
writeFileSync(
  'reports/bench.json',
  `${JSON.stringify({ command: COMMAND, machine, repetitions: REPETITIONS, figures }, null, 2)}\n`,
);

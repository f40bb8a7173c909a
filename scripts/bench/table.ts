/** A report of figures as a table, and as two files: the same for every benchmark. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { type Figure, isMet } from './arm.js';

function number(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(Number.isInteger(value) ? 0 : 2);
}

/** One line of the table. */
export function row(figure: Figure): string {
  const { name, unit, median, min, max, target, workload } = figure;
  const met = isMet(figure);
  const verdict = met === undefined ? '' : met ? 'met' : '**missed**';
  const spread = `${number(min)}–${number(max)}`;
  const cells = [name, `${number(median)} ${unit}`, spread, target?.text ?? '', verdict, workload];
  return `| ${cells.join(' | ')} |`;
}

export interface Report {
  readonly title: string;
  readonly command: string;
  readonly repetitions: number;
  /** How the figures came about, as sentences of their own lines. */
  readonly how: readonly string[];
  readonly figures: readonly Figure[];
}

/** Writes `reports/<name>.md` and `reports/<name>.json`. */
export function writeReport(name: string, { title, how, ...rest }: Report): void {
  const { command, repetitions, figures } = rest;
  const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'processor'}`;
  const text = [
    `# ${title}`,
    '',
    `Written by \`${command}\` on ${machine}.`,
    ...how,
    '',
    '| what | median | spread | target | | workload |',
    '|---|---|---|---|---|---|',
    ...figures.map(row),
    '',
  ].join('\n');
  mkdirSync('reports', { recursive: true });
  writeFileSync(`reports/${name}.md`, text);
  const document = { command, machine, repetitions, figures };
  writeFileSync(`reports/${name}.json`, `${JSON.stringify(document, null, 2)}\n`);
}

/** What the command writes for the page: a report in one file, and a small matrix. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { builtMain } from '../packaging/built.js';

const run = promisify(execFile);
const BREAKS = 1;

/** A lock that breaks within few runs. */
const CAMPAIGN = ['check', 'set-nx-no-validity', '--runs', '20', '--seed', '3'] as const;

/** Runs the command; a lock that breaks is what we want. */
async function command(...words: readonly string[]): Promise<string> {
  const failed = (error: { code?: number; stdout?: string }) => {
    if (error.code !== BREAKS) throw error;
    return { stdout: error.stdout ?? '' };
  };
  const options = { maxBuffer: 64 * 1024 * 1024 };
  return (await run(process.execPath, [builtMain(), ...words], options).catch(failed)).stdout;
}

export interface ReportFile {
  /** `file:///…/report.html` */
  readonly address: string;
  remove(): void;
}

export async function reportFile(): Promise<ReportFile> {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-report-'));
  const file = path.join(folder, 'report.html');
  await command(...CAMPAIGN, '--report', file);
  return { address: `file://${file}`, remove: () => rmSync(folder, { recursive: true }) };
}

/** The document of one lock: a matrix of one row. */
export function matrixText(): Promise<string> {
  return command(...CAMPAIGN, '--per-class', '--json');
}

/** The trace of one run of a lock. */
export async function traceText(...run: readonly string[]): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-trace-'));
  const file = path.join(folder, 'trace.json');
  await command('run', ...run, '--trace', file, '--quiet');
  const text = readFileSync(file, 'utf8');
  rmSync(folder, { recursive: true });
  return text;
}

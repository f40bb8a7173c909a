/** What the command writes for the page: a report in one file, a small matrix, stories. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { reportPage } from '../../src/cli/viewer-files.js';
import { conformanceOf, type StoryReport } from '../../src/timeline/conformance/document.js';
import type { ReportDocument } from '../../src/timeline/report-document.js';
import { builtMain } from '../packaging/built.js';
import { service, story } from '../timeline/conformance/stories.js';

const run = promisify(execFile);
const BREAKS = 1;

const BUDGET = ['--runs', '20', '--seed', '3'] as const;
/** A lock that breaks within few runs. */
const CAMPAIGN = ['check', 'set-nx-no-validity', ...BUDGET] as const;

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

export function reportFile(): Promise<ReportFile> {
  return fileOf(CAMPAIGN);
}

/** The same, of two locks. */
export async function reportOnTwo(): Promise<ReportFile> {
  const files = [await reportFile(), await fileOf(['check', 'blind-delete', ...BUDGET])];
  const locks = files.flatMap(({ address }) => documentIn(fileURLToPath(address)).locks);
  writeFileSync(
    fileURLToPath(files[0]!.address),
    reportPage({ format: 'holdfast-report', v: 1, locks }),
  );
  files[1]!.remove();
  return files[0]!;
}

function documentIn(file: string): ReportDocument {
  const page = readFileSync(file, 'utf8');
  const text = /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(page)?.[1];
  return JSON.parse(text!) as ReportDocument;
}

async function fileOf(campaign: readonly string[]): Promise<ReportFile> {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-report-'));
  const file = path.join(folder, 'report.html');
  await command(...campaign, '--report', file);
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

/** Stories with every outcome, and a server beside its model. */
export function conformanceText(): string {
  const { timing: _timing, ...unmeasured } = story();
  const slow = { steps: 31, medianUs: 40_000, p95Us: 90_000, maxUs: 3_600_000 };
  const stories: StoryReport[] = [
    story(),
    story({
      id: 'the-reader',
      class: 'double-grant',
      outcome: 'not-reproduced',
      why: 'r1 answered A: OK, not: (nil)',
      atUs: 9_475_000,
      attempts: 3,
      differences: ['r1 answered A OK, the model (nil): SET key'],
    }),
    {
      ...unmeasured,
      id: 'the-clock',
      servers: ['e1'],
      outcome: 'cannot-be-played',
      why: 'the clock of an etcd server cannot be moved',
      environment: {},
    },
    story({
      id: 'the-slow',
      servers: ['p1'],
      timing: slow,
      attempts: 2,
      environment: { p1: 'postgres 15.18' },
    }),
  ];
  return JSON.stringify({ ...conformanceOf(stories), services: [service()] });
}

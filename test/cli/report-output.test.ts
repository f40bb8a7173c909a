/** `check --report`: one page with the runs in it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { CheckRequest } from '../../src/host/engine-api.js';
import type { ReportDocument } from '../../src/timeline/report-document.js';
import { engineThat, holdfast, LISTED } from './command-line.js';
import { brokenReport, DIGEST, judged, runReport } from './reports.js';

const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const STORY = 'pause inside the write';
const report = brokenReport(STORY);
const engine = {
  ...engineThat(report),
  replay: () =>
    Promise.resolve(runReport(STORY, { trace: { ...judged(STORY).trace, digest: DIGEST } })),
};

function documentIn(file: string): ReportDocument {
  const page = readFileSync(file, 'utf8');
  const text = /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(page)?.[1];
  return JSON.parse(text!) as ReportDocument;
}

test('holds the report and every run, and asks for nothing else', async () => {
  const file = path.join(folder, 'out.html');
  const { err } = await holdfast(['check', 'set-nx', '--report', file], { engine });
  expect(err).toContain(`the report is in ${file}`);
  const document = documentIn(file);
  expect(document.locks.map(({ lock }) => lock)).toEqual(JSON.parse(JSON.stringify([report])));
  const broken = report.properties.filter(({ counterexample }) => counterexample !== undefined);
  expect(document.locks[0]!.runs.map(({ property }) => property)).toEqual(
    broken.map(({ property }) => property),
  );
  expect(document.locks[0]!.runs[0]!.trace.meta.replay).toBe(broken[0]!.counterexample!.replay);
  expect(readFileSync(file, 'utf8')).not.toMatch(/<(script|link)[^>]+(src|href)="(?!data:)/);
});

test('a file that cannot be written is named', async () => {
  const file = path.join(folder, 'nowhere', 'out.html');
  const { code, err } = await holdfast(['check', 'set-nx', '--report', file], { engine });
  expect(code).toBe(64);
  expect(err).toContain(`--report: ${file} cannot be written (ENOENT)`);
});

test('of all locks has each of them, with its runs', async () => {
  const file = path.join(folder, 'all.html');
  const ofEach = {
    ...engine,
    check: ({ lock }: CheckRequest) =>
      Promise.resolve({ ...report, algorithm: 'name' in lock ? lock.name : '' }),
  };
  const { err } = await holdfast(['check', '--all', '--quiet', '--report', file], {
    engine: ofEach,
  });
  expect(err).toContain(`the report is in ${file}`);
  const { locks } = documentIn(file);
  expect(locks.map(({ lock }) => lock.algorithm)).toEqual(LISTED.locks.map(({ name }) => name));
  const broken = report.properties.filter(({ counterexample }) => counterexample !== undefined);
  for (const { runs } of locks) expect(runs).toHaveLength(broken.length);
});

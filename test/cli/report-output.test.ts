/** `check --report`: one page with the runs in it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ReportDocument } from '../../src/timeline/report-document.js';
import { engineThat, holdfast } from './command-line.js';
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

test('holds the report and every run, and asks for nothing else', async () => {
  const file = path.join(folder, 'out.html');
  const { err } = await holdfast(['check', 'set-nx', '--report', file], { engine });
  expect(err).toContain(`the report is in ${file}`);
  const page = readFileSync(file, 'utf8');
  const text = /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(page)?.[1];
  const document = JSON.parse(text!) as ReportDocument;
  expect(document.lock).toEqual(JSON.parse(JSON.stringify(report)));
  const broken = report.properties.filter(({ counterexample }) => counterexample !== undefined);
  expect(document.runs.map(({ property }) => property)).toEqual(
    broken.map(({ property }) => property),
  );
  expect(document.runs[0]!.trace.meta.replay).toBe(broken[0]!.counterexample!.replay);
  expect(page).not.toMatch(/<(script|link)[^>]+(src|href)="(?!data:)/);
});

test('a file that cannot be written is named', async () => {
  const file = path.join(folder, 'nowhere', 'out.html');
  const { code, err } = await holdfast(['check', 'set-nx', '--report', file], { engine });
  expect(code).toBe(64);
  expect(err).toContain(`--report: ${file} cannot be written (ENOENT)`);
});

test('is the page of one lock', async () => {
  const { code, err } = await holdfast(['check', '--all', '--report', 'out.html'], { engine });
  expect(code).toBe(64);
  expect(err).toContain('--report writes the page of one lock');
});

/** The page of a report: one file with the runs in it, without simulator and without network. */
import { render } from 'preact';
import type { ReportDocument } from '../../../src/timeline/report-document.js';
import { ReportPage } from './report-page.js';
import '../style.css';

const text = document.getElementById('report')?.textContent ?? 'null';
const report = JSON.parse(text) as ReportDocument | null;

render(
  report === null ? <p role="alert">This page has no report in it.</p> : <ReportPage {...report} />,
  document.getElementById('app')!,
);

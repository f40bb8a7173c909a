/**
 * Puts what `npm run stories` and `npm run conformance` found beside the pages, so that the page of
 * it shows something wherever they are; `holdfast view` serves another file in its place.
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import {
  type ConformanceDocument,
  conformanceOf,
} from '../../src/timeline/conformance/document.js';

function report(name: string): ConformanceDocument {
  const file = new URL(`../../reports/${name}`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as ConformanceDocument;
}

/** Both reports in one document, with as much of them as is shown. */
function document(): ConformanceDocument {
  const { stories = [] } = report('conformance-stories.json');
  const services = (report('conformance-servers.json').services ?? []).map(
    ({ service, server, unit, commands, sequences, divergences, named }) => ({
      service,
      server,
      unit,
      commands,
      sequences,
      divergences,
      named,
    }),
  );
  return { ...conformanceOf(stories), services };
}

export function reports(): Plugin {
  return {
    name: 'holdfast-reports',
    generateBundle() {
      const source = JSON.stringify(document());
      this.emitFile({ type: 'asset', fileName: 'conformance.json', source });
    },
  };
}

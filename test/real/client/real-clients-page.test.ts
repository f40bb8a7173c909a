/** What docs/real-clients.md says of options is what the code sets. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ClientOptions } from '../../../src/real/client/client-options.js';
import { GRPC_OPTIONS } from '../../../src/real/client/etcd-options.js';
import { PG_OPTIONS } from '../../../src/real/client/postgres-options.js';
import { IOREDIS_OPTIONS } from '../../../src/real/client/redis-options.js';
import { ROOT } from '../../architecture/source.js';

const PAGE = path.join(ROOT, 'docs/real-clients.md');
const HEAD = '| Option | Value | Why |\n|---|---|---|\n';

function rowsOf(options: ClientOptions): string {
  return Object.entries(options)
    .map(([name, { value, why }]) => `| \`${name}\` | ${shown(value)} | ${why} |\n`)
    .join('');
}

function shown(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? 'own parsers'
    : `\`${JSON.stringify(value)}\``;
}

/** The section with that heading, its rows apart from the rest. */
function sectionOf(page: string, heading: string) {
  const from = page.indexOf(HEAD, page.indexOf(`## ${heading}\n`)) + HEAD.length;
  const rows = /^(?:\|.*\n)*/.exec(page.slice(from))![0];
  return { before: page.slice(0, from), rows, after: page.slice(from + rows.length) };
}

test.each([
  ['Redis: `ioredis`', IOREDIS_OPTIONS],
  ['PostgreSQL: `pg`', PG_OPTIONS],
  ['etcd: `etcd3`', GRPC_OPTIONS],
] as const)('docs/real-clients.md, %s: the table is that of the code', (heading, options) => {
  const { before, rows, after } = sectionOf(readFileSync(PAGE, 'utf8'), heading);
  const wanted = rowsOf(options);
  if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(PAGE, before + wanted + after);
  else expect(rows).toBe(wanted);
});

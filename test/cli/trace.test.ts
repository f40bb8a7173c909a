/** `holdfast trace`: which files are traces, and the same trace in other formats. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chromeTrace } from '../../src/timeline/export/chrome.js';
import { historyLines } from '../../src/timeline/export/history-lines.js';
import { TraceModel } from '../../src/timeline/model.js';
import { wholeFile } from '../timeline/files.js';
import { holdfast } from './command-line.js';

const FILE = wholeFile();
const TEXT = `${JSON.stringify(FILE)}\n`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-trace-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function written(name: string, content: string | Buffer): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

const said = (file: string) =>
  `${file}: set-nx: no violation · 4 hosts · ${FILE.ev.dt.length} rows · 4 messages · ` +
  '1 violation · digest d\n';

describe('validate', () => {
  test('of a trace says in a line what is in it', async () => {
    const file = written('run.json', TEXT);
    expect(await holdfast(['trace', 'validate', file])).toMatchObject({
      code: 0,
      out: said(file),
      err: '',
    });
  });

  test('of a compressed one, whatever its name', async () => {
    const file = written('run.trace', gzipSync(TEXT));
    expect(await holdfast(['trace', 'validate', file])).toMatchObject({ code: 0, out: said(file) });
  });

  test('shows control characters of a name, and obeys none', async () => {
    const file = written('\u001b[31mrun.json', '{');
    const { err } = await holdfast(['trace', 'validate', file]);
    expect(err).toContain('\\u001b[31mrun.json ends in the middle');
    const titled = { ...FILE, meta: { ...FILE.meta, title: '\u001b[31mred' } };
    const { out } = await holdfast([
      'trace',
      'validate',
      written('a.json', JSON.stringify(titled)),
    ]);
    expect(out).toContain('a.json: \\u001b[31mred · ');
  });

  test('of a broken one says what and where', async () => {
    const file = written('run.json', JSON.stringify({ ...FILE, hosts: [{ id: 'A' }] }));
    expect(await holdfast(['trace', 'validate', file])).toMatchObject({
      code: 2,
      out: '',
      err:
        `holdfast: ${file}: hosts[0].kind is missing; ` +
        'it must be one of client, server, resource, probe\n',
    });
  });

  test.each([
    ['cut short', TEXT.slice(0, 2_000), 'ends in the middle, after 2000 characters'],
    ['compressed and cut short', gzipSync(TEXT).subarray(0, 300), 'ends in the middle of what is'],
    [
      'compressed and damaged',
      Buffer.from('1f8b00ff', 'hex'),
      'is compressed by gzip, and damaged',
    ],
  ])('of one that is %s says so', async (_what, content, sentence) => {
    const file = written('run.json', content);
    const { code, err } = await holdfast(['trace', 'validate', file]);
    expect(code).toBe(2);
    expect(err).toContain(`holdfast: ${file} ${sentence}`);
  });

  test('of what cannot be read is wrong usage', async () => {
    const file = path.join(folder, 'none.json');
    expect(await holdfast(['trace', 'validate', file])).toMatchObject({
      code: 64,
      err: `holdfast: ${file} cannot be read (ENOENT)\n`,
    });
    expect(await holdfast(['trace', 'validate', folder])).toMatchObject({ code: 64 });
  });

  test('of several looks at each, and ends with the worst', async () => {
    const good = written('good.json', TEXT);
    const bad = written('bad.json', '{}');
    const none = path.join(folder, 'none.json');
    const both = await holdfast(['trace', 'validate', bad, good]);
    expect(both).toMatchObject({ code: 2, out: said(good) });
    const all = await holdfast(['trace', 'validate', none, bad, good, '--json']);
    expect(all.code).toBe(64);
    expect(JSON.parse(all.out)).toEqual([
      { file: none, problem: `${none} cannot be read (ENOENT)` },
      { file: bad, problem: expect.stringContaining('this is no trace of Holdfast') },
      {
        file: good,
        title: 'set-nx: no violation',
        hosts: 4,
        rows: FILE.ev.dt.length,
        messages: 4,
        violations: 1,
        digest: 'd',
      },
    ]);
  });
});

describe('export', () => {
  const model = new TraceModel(JSON.parse(TEXT));
  const formats = [
    ['chrome', `${JSON.stringify(chromeTrace(model))}\n`],
    ['history', historyLines(model)],
  ] as const;

  test.each(formats)('to %s, to the standard output or a file', async (to, wanted) => {
    const file = written('run.json.gz', gzipSync(TEXT));
    const shown = await holdfast(['trace', 'export', file, '--to', to]);
    expect(shown).toMatchObject({ code: 0, out: wanted, err: '' });
    const out = path.join(folder, 'out');
    const kept = await holdfast(['trace', 'export', file, '--to', to, '--out', out]);
    expect(kept).toMatchObject({ code: 0, out: '', err: `the trace is in ${out}\n` });
    expect(readFileSync(out, 'utf8')).toBe(wanted);
  });

  test('of a broken trace writes nothing', async () => {
    const file = written('run.json', '[]');
    const out = path.join(folder, 'out');
    const heard = await holdfast(['trace', 'export', file, '--to', 'chrome', '--out', out]);
    expect(heard).toMatchObject({ code: 2, out: '' });
    expect(heard.err).toContain(`holdfast: ${file}: this is no trace of Holdfast`);
    expect(() => readFileSync(out)).toThrow('ENOENT');
  });

  test('to a place that cannot be written is wrong usage', async () => {
    const file = written('run.json', TEXT);
    const out = path.join(folder, 'no', 'such', 'folder');
    const heard = await holdfast(['trace', 'export', file, '--to', 'chrome', '--out', out]);
    expect(heard).toMatchObject({
      code: 64,
      err:
        `holdfast: --out: ${out} cannot be written (ENOENT); there is no folder ` +
        `${path.dirname(out)}: create it, or name another file\n`,
    });
  });
});

describe('what it does not know is refused with what there is', () => {
  test.each([
    [['trace'], 'trace takes a command: validate or export'],
    [['trace', 'valdate', 'x'], 'trace has no command valdate; did you mean validate?'],
    [['trace', 'validate'], "missing required argument 'files'"],
    [['trace', 'export', 'x'], "required option '--to <format>' not specified"],
    [['trace', 'export', 'x', '--to', 'png'], '--to takes chrome, history or svg; it got "png"'],
    [
      ['trace', 'export', 'x', '--to', 'toString'],
      '--to takes chrome, history or svg; it got "toString"',
    ],
  ])('%j', async (argv, sentence) => {
    expect(await holdfast(argv)).toMatchObject({
      code: 64,
      out: '',
      err: `holdfast: ${sentence}\n`,
    });
  });
});

/**
 * The pages are executed: every command and every snippet runs and prints what the page says, every
 * link leads somewhere, and every name that a page explains is one that the code has. The
 * conventions for blocks are in `docs/markdown.ts`.
 *
 * `UPDATE_DOCS=1 npx vitest run test/docs.test.ts` writes the real output into the pages.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../src/cli/exit-code.js';
import { FAULT_CLASSES } from '../src/fault.js';
import { PERSISTENCE } from '../src/scenario.js';
import { PROPERTIES, VERDICTS, VIOLATION_CLASSES } from '../src/verdict.js';
import { LAYERS } from './architecture/layers.js';
import { listFiles, ROOT, readSource } from './architecture/source.js';
import { Folder } from './docs/folder.js';
import { anchorsOf, type Block, blocksOf, linksOf } from './docs/markdown.js';
import { matches, updated } from './docs/transcript.js';

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...listFiles(['docs', 'reports', 'web'], ['.md']),
];
const LANGUAGES = ['sh', 'ts', 'text', 'json'];
const UPDATING = process.env['UPDATE_DOCS'] !== undefined;

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

describe.each(PAGES)('%s', (page) => {
  const blocks = blocksOf(read(page));

  it('uses only kinds of blocks that are checked', () => {
    for (const { language, line } of blocks) expect(LANGUAGES, `line ${line}`).toContain(language);
  });

  const executable = blocks.filter(({ language }) => language === 'sh' || language === 'ts');
  if (executable.length > 0) it('prints what it says', () => execute(page, executable));

  it('links to what is there', () => {
    for (const { target, line } of linksOf(read(page))) {
      if (/^https?:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const linked = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
      expect(existsSync(path.join(ROOT, linked)), `line ${line}: ${target}`).toBe(true);
      if (anchor === undefined) continue;
      expect(anchorsOf(read(linked)), `line ${line}: ${target}`).toContain(anchor);
    }
  });
});

function execute(page: string, blocks: readonly Block[]): void {
  for (const block of blocks.filter(isForCheckout)) checkCheckout(block);
  const here = blocks.filter((block) => !isForCheckout(block));
  if (here.length === 0) return;
  const folder = new Folder();
  try {
    checkTypes(folder, here);
    for (const block of here) {
      if (block.language === 'sh') checkRun(page, folder, block, commandOf(block));
      else if (block.output !== undefined) {
        const tsx = path.join(ROOT, 'node_modules/.bin/tsx');
        checkRun(page, folder, block, `${tsx} ${fileNameOf(block)}`);
      }
    }
  } finally {
    folder.remove();
  }
}

/** What serves is ended as a person ends it, when it has said where. */
function commandOf({ words, text }: Block): string {
  if (!words.includes('serving')) return text;
  const served = text.replace('npx holdfast', 'exec node_modules/.bin/holdfast');
  const wait = 'until grep -q http:// said; do sleep 0.1; done';
  return `(${served}) > said 2>&1 & ${wait}; kill -INT $!; wait $!; code=$?; cat said; exit $code`;
}

function isForCheckout({ words }: Block): boolean {
  return words.includes('checkout');
}

function fileNameOf({ words, line }: Block): string {
  return words.find((word) => word.endsWith('.ts')) ?? `snippet-at-line-${line}.ts`;
}

function checkTypes(folder: Folder, blocks: readonly Block[]): void {
  const snippets = blocks.filter(({ language }) => language === 'ts');
  if (snippets.length === 0) return;
  for (const block of snippets) folder.write(fileNameOf(block), `${block.text}\nexport {};\n`);
  const { exitCode, output } = folder.typeCheck(snippets.map(fileNameOf));
  expect(exitCode, output).toBe(0);
}

function checkRun(page: string, folder: Folder, block: Block, command: string): void {
  const { exitCode, output } = folder.run(command);
  const wanted = block.words.find((word) => word.startsWith('exit='))?.slice('exit='.length);
  expect(exitCode, `line ${block.line}: ${command}\n${output}`).toBe(Number(wanted ?? 0));
  const shown = block.output;
  if (shown === undefined || matches(shown.text, output)) return;
  if (UPDATING) {
    writeFileSync(path.join(ROOT, page), withLines(read(page), shown, updated(shown.text, output)));
  } else expect(output, `line ${shown.line}: ${command}`).toBe(shown.text);
}

/** The page with other lines in place of those shown. */
function withLines(page: string, shown: NonNullable<Block['output']>, lines: string[]): string {
  const all = page.split('\n');
  const count = shown.text === '' ? 0 : shown.text.split('\n').length;
  all.splice(shown.line - 1, count, ...lines);
  return all.join('\n');
}

/** What a command for a checkout names is there: scripts of package.json, files, folders. */
function checkCheckout({ text, line }: Block): void {
  for (const [, script] of text.matchAll(/\bnpm (?:run )?([\w:]+)/g)) {
    if (script !== 'ci') expect(Object.keys(manifest.scripts), `line ${line}`).toContain(script);
  }
  for (const [file] of text.matchAll(/(?<![\w./-])\.?\w[\w.-]*\/[\w./-]*\w/g)) {
    expect(existsSync(path.join(ROOT, file)), `line ${line}: ${file}`).toBe(true);
  }
}

describe('docs/semantics.md', () => {
  const page = read('docs/semantics.md');
  const names = page.slice(page.indexOf('## Names'), page.indexOf('## Rules of meaning'));

  it.each([...PROPERTIES, ...VERDICTS, ...VIOLATION_CLASSES, ...FAULT_CLASSES, ...PERSISTENCE])(
    'names %s',
    (name) => {
      expect(names).toContain(`\`${name}\``);
    },
  );

  it('gives the default sizes of every fault class that has sizes', () => {
    const sizes = page.slice(page.indexOf('### R16'));
    const sized = FAULT_CLASSES.filter((name) => /^(pause|clock-|delay|partition)/.test(name));
    for (const name of sized) expect(sizes).toContain(`\`${name}\``);
  });

  it('tables the exit codes of the command', () => {
    const codes = [...names.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(EXIT));
  });

  it('has every rule that the code cites', () => {
    const rules = new Set([...page.matchAll(/^### ([RD]\d+)\b/gm)].map(([, rule]) => rule));
    const cited = listFiles(['src'], ['.ts'])
      .map(readSource)
      .flatMap(({ text }) => [...text.matchAll(/\b([RD]\d{1,2})\b(?!['"`])/g)])
      .map(([, rule]) => rule);
    expect(cited.length).toBeGreaterThan(50);
    expect([...new Set(cited)].filter((rule) => !rules.has(rule))).toEqual([]);
  });

  it('tells all 22 stories', () => {
    const stories = page.slice(page.indexOf('## The 22 stories'));
    expect([...stories.matchAll(/^\| \d+ \|/gm)]).toHaveLength(22);
  });
});

describe('docs/architecture.md', () => {
  const page = read('docs/architecture.md');

  it('tables the import rules that are enforced', () => {
    const rows = [...page.matchAll(/^\| (\w+) \| [^|]*`[^|]* \| ([^|]*) \| ([^|]*) \|$/gm)];
    const rules = rows.map(([, layer, sees, packages]) => [
      layer,
      namesIn(sees),
      namesIn(packages),
    ]);
    const enforced = Object.entries(LAYERS).map(([layer, { sees, packages = [] }]) => [
      layer,
      [...sees].sort(),
      [...packages].sort(),
    ]);
    expect(rules).toEqual(enforced);
  });

  it('has a line for every folder and file at the top of src', () => {
    const top = new Set(listFiles(['src'], ['']).map((file) => file.split('/')[1]!));
    const tree = blocksOf(page).find(({ text }) => text.startsWith('src/'))?.text ?? '';
    const listed = [...tree.matchAll(/^ {2}([\w.-]+)\/? /gm)].map(([, name]) => name!);
    expect(listed.sort()).toEqual([...top].sort());
  });
});

function namesIn(cell: string | undefined): string[] {
  return cell === undefined || cell === 'none' ? [] : cell.split(', ').sort();
}

describe('docs/glossary.md', () => {
  it('shows how a term stands in code that is there', () => {
    const code = listFiles(['src'], ['.ts'])
      .map((file) => read(file))
      .join('\n');
    const rows = [...read('docs/glossary.md').matchAll(/^\| \*\*[^|]+\|[^|]+\|([^|]+)\|/gm)];
    expect(rows.length).toBeGreaterThan(30);
    for (const [row, cell] of rows) {
      for (const [, term] of cell!.matchAll(/`([^`]+)`/g)) expect(code, row).toContain(term);
    }
  });
});

describe.each(['docs/decisions', 'reports'])('%s/README.md', (folder) => {
  it('lists every file of the folder', () => {
    const page = read(`${folder}/README.md`);
    const files = listFiles([folder], ['']).map((file) => path.basename(file));
    expect(files.filter((file) => file !== 'README.md' && !page.includes(file))).toEqual([]);
  });
});

describe('CONTRIBUTING.md', () => {
  it('names files that are there', () => {
    const named = [...read('CONTRIBUTING.md').matchAll(/`((?:src|test|docs|scripts)\/[\w./-]+)`/g)];
    expect(named.length).toBeGreaterThan(10);
    for (const [, file] of named) expect(existsSync(path.join(ROOT, file!)), file).toBe(true);
  });
});

describe('CHANGELOG.md', () => {
  it('says of every release whether the seed streams changed', () => {
    const [, ...releases] = read('CHANGELOG.md').split(/^## /m);
    expect(releases.length).toBeGreaterThan(0);
    for (const release of releases) expect(release).toMatch(/^### Seed streams changed$/m);
  });
});

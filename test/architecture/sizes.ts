/**
 * How long things may be. The numbers come from the code bases we learned from: what fits on a few
 * screens is read whole, what does not is skimmed.
 */
import type { Problem, SourceFile, Syntax } from './source.js';
import { nameOf, visit } from './source.js';

export const LINES_MAX = 400;
export const MEDIAN_LINES_BELOW = 150;
export const FUNCTION_LINES_MAX = 70;
export const COLUMNS_MAX = 100;

/** Files that hold an interface others program against: one page, with its prose. */
export const INTERFACE_LINES_MAX = 120;
export const INTERFACES = [
  'src/algorithms/environment.ts',
  'src/algorithms/lock.ts',
  'src/checkers/checker.ts',
  'src/host/engine-api.ts',
  'src/search/port.ts',
  'src/sim/servers/etcd/port.ts',
  'src/sim/servers/postgres/port.ts',
  'src/sim/servers/redis/port.ts',
  'src/workloads/workload.ts',
] as const;

/** The first file a newcomer reads. */
export const PIPELINE = 'src/pipeline.ts';
export const PIPELINE_LINES_MAX = 60;

function linesMaxOf(path: string): number {
  if (path === PIPELINE) return PIPELINE_LINES_MAX;
  return INTERFACES.some((known) => known === path) ? INTERFACE_LINES_MAX : LINES_MAX;
}

/** The file has no more lines than its kind may have. */
export function fileLength(file: SourceFile): Problem[] {
  const { path, lines } = file;
  const max = linesMaxOf(path);
  if (lines.length <= max) return [];
  return [{ path, line: max + 1, message: `${lines.length} lines; at most ${max}` }];
}

/** The formatter keeps the name of a test on the line where the test begins, however long. */
const TEST_BEGINS = /^\s*(?:it|test|describe)(?:\.\w+)*\(/;

/** No line is wider than the page. */
export function lineWidth({ path, lines }: SourceFile): Problem[] {
  return lines.flatMap((text, index) => {
    const columns = [...text].length;
    if (columns <= COLUMNS_MAX || TEST_BEGINS.test(text)) return [];
    return [{ path, line: index + 1, message: `${columns} columns; at most ${COLUMNS_MAX}` }];
  });
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** No function is longer than a screen; what a test hands to `describe` is a list of them. */
export function functionLength(file: SourceFile): Problem[] {
  const problems: Problem[] = [];
  visit(file.program, (part, around) => {
    if (!FUNCTIONS.has(part.type) || isGroup(around.at(-1))) return;
    const lines = file.lineAt(part.end) - file.lineAt(part.start) + 1;
    if (lines <= FUNCTION_LINES_MAX) return;
    const message = `function of ${lines} lines; at most ${FUNCTION_LINES_MAX}`;
    problems.push(file.problem(part.start, message));
  });
  return problems;
}

function isGroup(call: Syntax | undefined): boolean {
  if (call?.type !== 'CallExpression') return false;
  const callee = call['callee'] as Syntax;
  const inner = callee.type === 'CallExpression' ? (callee['callee'] as Syntax) : callee;
  return nameOf(inner) === 'describe' || nameOf(inner['object']) === 'describe';
}

/** The file begins by saying why it exists. */
export function fileHeader({ path, text }: SourceFile): Problem[] {
  if (/^(#!.*\n)?\/\*\*[\s*]*[^\s*/]/.test(text)) return [];
  const message = 'no header: begin with /** … */ that says why the file exists';
  return [{ path, line: 1, message }];
}

/** Half of the files are shorter than this. */
export function medianLength(files: readonly SourceFile[]): number {
  const lengths = files.map(({ lines }) => lines.length).sort((a, b) => a - b);
  return lengths[Math.floor(lengths.length / 2)] ?? 0;
}

/**
 * What tests must be: all of them run, and every rule of docs/semantics.md is exercised by at least
 * one that bears its number.
 */
import type { Problem, SourceFile, Syntax } from './source.js';
import { memberOf, nameOf, visit } from './source.js';

const TEST_WORDS = new Set(['it', 'test', 'describe', 'suite', 'bench']);
const HIDING = /^(skip|only|todo|fails|skipIf|runIf)$/;

/** Nothing is skipped, singled out or put off. */
export function allRun(file: SourceFile): Problem[] {
  const problems: Problem[] = [];
  visit(file.program, (part) => {
    const member = memberOf(part);
    if (member === undefined || !HIDING.test(member.name)) return;
    if (member.owner === undefined || !TEST_WORDS.has(member.owner)) return;
    const what = `${member.owner}.${member.name}`;
    problems.push(file.problem(part.start, `${what} is banned: repair the test or remove it`));
  });
  return problems;
}

/** The names of a file's tests and of the groups around them. */
export function testNames(file: SourceFile): string[] {
  const names: string[] = [];
  visit(file.program, (part) => {
    if (part.type !== 'CallExpression') return;
    const [first] = part['arguments'] as Syntax[];
    if (first === undefined || !TEST_WORDS.has(rootOf(part['callee'] as Syntax) ?? '')) return;
    if (first.type === 'Literal' || first.type === 'TemplateLiteral') {
      names.push(file.text.slice(first.start, first.end));
    }
  });
  return names;
}

/** `it` of `it(…)`, `it.each(…)(…)` and `test.prop(…)(…)`. */
function rootOf(callee: Syntax): string | undefined {
  if (callee.type === 'CallExpression') return rootOf(callee['callee'] as Syntax);
  if (callee.type === 'MemberExpression') return rootOf(callee['object'] as Syntax);
  return nameOf(callee);
}

/** The rules that no test names, of those given. */
export function untested(rules: readonly string[], names: readonly string[]): string[] {
  const text = names.join('\n');
  return rules.filter((rule) => !new RegExp(`\\b${rule}\\b`).test(text));
}

/**
 * Puts all mutants of a file into one text, each behind a switch: `$m(7) ? mutant : original`. So
 * the code is compiled once, and trying a mutant costs no more than running tests. Expressions that
 * run while a module loads are left alone: a switch would come too late for them.
 */
import { parseAst } from 'vitest/node';
import { conditionMutations, mutationsOf, type SyntaxNode } from './operators.js';

export interface Mutant {
  readonly id: number;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The whole source line, without its indentation. */
  readonly source: string;
  /** `original → replacement`. */
  readonly change: string;
}

export interface Instrumented {
  readonly code: string;
  readonly mutants: readonly Mutant[];
}

const LOOPS = new Set([
  'WhileStatement',
  'DoWhileStatement',
  'ForStatement',
  'ForOfStatement',
  'ForInStatement',
]);
const CONDITIONED = new Set(['IfStatement', 'ConditionalExpression', ...LOOPS]);
const EXPRESSIONS_OF_TYPESCRIPT = new Set([
  'TSAsExpression',
  'TSNonNullExpression',
  'TSSatisfiesExpression',
]);

/** Instruments a TypeScript file; ids count up from `firstId`. */
export function instrument(file: string, source: string, firstId: number): Instrumented {
  const instrumenter = new Instrumenter(file, source, firstId);
  const program = parseAst(source, { lang: 'ts' }) as unknown as SyntaxNode;
  const body = instrumenter.children(program, 0, source.length, false);
  const code = `const { $m, $loop } = globalThis.$mutation; ${body}`;
  return { code, mutants: instrumenter.mutants };
}

class Instrumenter {
  readonly mutants: Mutant[] = [];
  private readonly text = (node: SyntaxNode) => this.source.slice(node.start, node.end);

  constructor(
    private readonly file: string,
    private readonly source: string,
    private readonly firstId: number,
  ) {}

  /** The text of a range with the nodes in it instrumented. */
  children(parent: SyntaxNode, start: number, end: number, inFunction: boolean): string {
    const inside = inFunction || /Function/.test(parent.type);
    let text = '';
    let at = start;
    for (const [role, node] of childrenOf(parent)) {
      text += this.source.slice(at, node.start) + this.emit(parent, role, node, inside);
      at = node.end;
    }
    return text + this.source.slice(at, end);
  }

  private emit(parent: SyntaxNode, role: string, node: SyntaxNode, inside: boolean): string {
    const own = this.children(node, node.start, node.end, inside);
    if (role === 'body' && LOOPS.has(parent.type)) {
      return node.type === 'BlockStatement' ? `{ $loop(); ${own.slice(1)}` : `{ $loop(); ${own} }`;
    }
    if (!inside) return own;
    const alternatives = mutationsOf(node, this.text);
    if (role === 'test' && CONDITIONED.has(parent.type)) {
      alternatives.push(...conditionMutations(node, LOOPS.has(parent.type), this.text));
    }
    if (alternatives.length === 0) return own;
    const switches = alternatives.map((other) => `$m(${this.add(node, other)}) ? (${other}) : `);
    return `(${switches.join('')}(${own}))`;
  }

  private add(node: SyntaxNode, replacement: string): number {
    const id = this.firstId + this.mutants.length;
    const before = this.source.slice(0, node.start).split('\n');
    const source = this.source.split('\n')[before.length - 1]!.trim();
    const oneLine = (text: string) => text.replace(/\s+/g, ' ');
    const change = `${oneLine(this.text(node))} → ${oneLine(replacement)}`;
    this.mutants.push({ id, file: this.file, line: before.length, source, change });
    return id;
  }
}

/** Child nodes that hold code, with the name of their place, in the order of the source. */
function childrenOf(parent: SyntaxNode): [role: string, node: SyntaxNode][] {
  const found: [string, SyntaxNode][] = [];
  for (const [role, value] of Object.entries(parent)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (isCode(item)) found.push([role, item]);
    }
  }
  found.sort(([, a], [, b]) => a.start - b.start);
  // A shorthand property has its name and its value in one place.
  return found.filter(([, node], at) => at === 0 || node.start >= found[at - 1]![1].end);
}

function isCode(value: unknown): value is SyntaxNode {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  const type = String(value.type);
  return 'start' in value && (!type.startsWith('TS') || EXPRESSIONS_OF_TYPESCRIPT.has(type));
}

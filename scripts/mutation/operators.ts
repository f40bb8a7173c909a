/**
 * What a mutant changes: one comparison inverted or moved by its boundary, one clause dropped or
 * negated, a condition fixed, an extreme or a sign exchanged. One wrong thing at a time.
 */

/** A node of the syntax tree (ESTree): its kind, and where it stands in the source. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly operator?: string;
  readonly left?: SyntaxNode;
  readonly right?: SyntaxNode;
  readonly argument?: SyntaxNode;
  readonly callee?: SyntaxNode;
  readonly arguments?: readonly SyntaxNode[];
  readonly value?: unknown;
}

export type TextOf = (node: SyntaxNode) => string;

/** What stands in place of an operator, one mutant for each. */
const BINARY: Readonly<Record<string, readonly string[]>> = {
  '<': ['>=', '<='],
  '<=': ['>', '<'],
  '>': ['<=', '>='],
  '>=': ['<', '>'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
};
const ASSIGNMENT: Readonly<Record<string, string>> = { '+=': '-=', '-=': '+=' };
const UPDATE: Readonly<Record<string, string>> = { '++': '--', '--': '++' };
const EXTREMES: Readonly<Record<string, string>> = {
  'Math.min': 'Math.max',
  'Math.max': 'Math.min',
};

/** Source texts that could stand in place of an expression, one mutant for each. */
export function mutationsOf(node: SyntaxNode, text: TextOf): string[] {
  switch (node.type) {
    case 'BinaryExpression':
      return binary(node, text);
    case 'LogicalExpression':
      return logical(node, text);
    case 'UnaryExpression':
      return node.operator === '!' || node.operator === '-' ? [text(node.argument!)] : [];
    case 'UpdateExpression':
      return [text(node).replace(node.operator!, UPDATE[node.operator!]!)];
    case 'AssignmentExpression': {
      const other = ASSIGNMENT[node.operator!];
      return other === undefined ? [] : [`${text(node.left!)} ${other} ${text(node.right!)}`];
    }
    case 'CallExpression':
      return extreme(node, text);
    default:
      return [];
  }
}

/** The same for the condition of an `if`, a `?:` or, where it may only end the loop, of a loop. */
export function conditionMutations(test: SyntaxNode, isLoop: boolean, text: TextOf): string[] {
  if (isLoop) return ['false'];
  return ['true', 'false', ...(negatesItself(test) ? [] : [`!(${text(test)})`])];
}

function binary(node: SyntaxNode, text: TextOf): string[] {
  const { left, right, operator } = node;
  if (operator === '+' && (isText(left!) || isText(right!))) return [];
  return (BINARY[operator!] ?? []).map((other) => `${text(left!)} ${other} ${text(right!)}`);
}

function logical({ left, right, operator }: SyntaxNode, text: TextOf): string[] {
  const dropped = [text(left!), text(right!)];
  if (operator === '??') return dropped;
  const negated: string[] = [];
  if (!negatesItself(left!)) negated.push(`!(${text(left!)}) ${operator} ${text(right!)}`);
  if (!negatesItself(right!)) negated.push(`${text(left!)} ${operator} !(${text(right!)})`);
  return [...dropped, ...negated];
}

function extreme(node: SyntaxNode, text: TextOf): string[] {
  const other = EXTREMES[text(node.callee!)];
  if (other === undefined) return [];
  const values = node.arguments!.map(text);
  return [`${other}(${values.join(', ')})`, ...(values.length > 1 ? values : [])];
}

/** Whether an operator inside already has the mutant that negates the whole. */
function negatesItself(node: SyntaxNode): boolean {
  if (node.type === 'UnaryExpression') return node.operator === '!';
  return node.type === 'BinaryExpression' || node.type === 'LogicalExpression';
}

function isText(node: SyntaxNode): boolean {
  if (node.type === 'BinaryExpression') return isText(node.left!) || isText(node.right!);
  return node.type === 'TemplateLiteral' || typeof node.value === 'string';
}

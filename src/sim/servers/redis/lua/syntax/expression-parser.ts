/**
 * Parses expressions of Lua 5.1 by operator precedence (manual, §2.5). The order in which lexemes
 * are taken decides which message a wrong text gets, so it follows the reference implementation
 * (deps/lua/src/lparser.c of Redis 7.0.15).
 */

import type {
  BinaryOperator,
  Block,
  CallExpression,
  Chunk,
  Expression,
  MethodCallExpression,
  UnaryOperator,
} from './ast.js';
import { functionBody, tableConstructor } from './constructors.js';
import { fold, foldUnary, isLeftVoid, oneValue } from './fold.js';
import { type Lexeme, Lexer } from './lexer.js';
import { FunctionScope } from './scope.js';

/** Nesting of blocks and expressions allowed: LUAI_MAXCCALLS less the levels Redis is in itself. */
const MAX_SYNTAX_LEVELS = 200;

/** Binding powers to the left and to the right; a smaller right one associates to the right. */
const PRIORITIES = new Map<string, readonly [left: number, right: number]>([
  ['or', [1, 1]],
  ['and', [2, 2]],
  ['==', [3, 3]],
  ['~=', [3, 3]],
  ['<', [3, 3]],
  ['<=', [3, 3]],
  ['>', [3, 3]],
  ['>=', [3, 3]],
  ['..', [5, 4]],
  ['+', [6, 6]],
  ['-', [6, 6]],
  ['*', [7, 7]],
  ['/', [7, 7]],
  ['%', [7, 7]],
  ['^', [10, 9]],
]);
const UNARY_PRIORITY = 8;
/** Operators whose left side, if a numeral, becomes a constant before the right side is read. */
const EMITS_LEFT = new Set(['or', '==', '~=', '<', '<=', '>', '>=', '..']);
const UNARY = new Set(['not', '-', '#']);

export abstract class ExpressionParser {
  lexeme: Lexeme;
  scope: FunctionScope;
  /** Line of the lexeme taken last: what the reference implementation notes for an operation. */
  lastLine = 1;
  private ahead: Lexeme | undefined;
  private aheadLine = 1;
  /** Line of `lexeme`. */
  private lexemeLine = 1;
  private levels = 0;
  private readonly lexer: Lexer;

  constructor(
    source: string,
    readonly chunk: Chunk,
  ) {
    this.lexer = new Lexer(source, chunk.parserId);
    this.scope = this.openFunction(undefined, 0);
    this.lexeme = this.lexer.next();
    this.lexemeLine = this.lexer.line;
  }

  abstract block(): Block;

  get line(): number {
    return this.lexemeLine;
  }

  advance(): Lexeme {
    const taken = this.lexeme;
    this.lastLine = this.lexemeLine;
    if (this.ahead === undefined) {
      this.lexeme = this.lexer.next();
      this.lexemeLine = this.lexer.line;
    } else {
      this.lexeme = this.ahead;
      this.lexemeLine = this.aheadLine;
      this.ahead = undefined;
    }
    return taken;
  }

  is(kind: string): boolean {
    return this.lexeme.kind === kind;
  }

  accept(kind: string): boolean {
    if (this.lexeme.kind !== kind) return false;
    this.advance();
    return true;
  }

  expect(kind: string): Lexeme {
    if (this.lexeme.kind !== kind) this.fail(`'${kind}' expected`);
    return this.advance();
  }

  /** Takes the lexeme that closes what `opener` opened on `line`. */
  expectMatch(kind: string, opener: string, line: number): void {
    if (this.accept(kind)) return;
    if (line === this.lexer.line) this.fail(`'${kind}' expected`);
    this.fail(`'${kind}' expected (to close '${opener}' at line ${line})`);
  }

  fail(message: string): never {
    this.lexer.fail(message, this.lexeme.quoted);
  }

  protected nested<T>(parse: () => T): T {
    this.levels += 1;
    if (this.levels > MAX_SYNTAX_LEVELS) this.lexer.fail('chunk has too many syntax levels');
    const result = parse();
    this.levels -= 1;
    return result;
  }

  expressionList(): Expression[] {
    const expressions: Expression[] = [];
    let last = this.settle(this.expression());
    for (; this.accept(','); last = this.settle(this.expression())) {
      expressions.push(this.placed(last));
    }
    return [...expressions, last];
  }

  expression(limit = 0): Expression {
    return this.nested(() => {
      let left = this.operand();
      for (;;) {
        const operator = this.lexeme.kind;
        const priority = PRIORITIES.get(operator);
        if (priority === undefined || priority[0] <= limit) return left;
        this.advance();
        left = this.placed(EMITS_LEFT.has(operator) ? this.settle(left) : left);
        const right = this.expression(priority[1]);
        left = this.binary(operator as BinaryOperator, left, right);
      }
    });
  }

  private operand(): Expression {
    if (!UNARY.has(this.lexeme.kind)) return this.simpleExpression();
    const operator = this.advance().kind as UnaryOperator;
    const operand = this.expression(UNARY_PRIORITY);
    const folded = foldUnary(operator, operand);
    if (folded !== undefined) return { kind: 'constant', value: folded };
    return { kind: 'unary', operator, operand: this.settle(operand), line: this.lastLine };
  }

  private binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
    const folded = fold(operator, left, right);
    if (folded !== undefined) return { kind: 'constant', value: folded };
    if (isLeftVoid(operator, left)) return oneValue(right);
    const line = this.lastLine;
    return { kind: 'binary', operator, left: this.settle(left), right: this.settle(right), line };
  }

  /** Fixes the sign of a zero that is now certain to become a constant of the function. */
  settle(expression: Expression): Expression {
    if (expression.kind !== 'constant' || expression.value !== 0) return expression;
    return { kind: 'constant', value: this.scope.zero(expression.value) };
  }

  /**
   * Gives an expression that reads a table or a global the line of the lexeme taken last: the
   * reference implementation notes the line when it needs the value, not when it sees the name.
   */
  placed(expression: Expression): Expression {
    const isRead = expression.kind === 'index' || expression.kind === 'global';
    return isRead ? { ...expression, line: this.lastLine } : expression;
  }

  private simpleExpression(): Expression {
    switch (this.lexeme.kind) {
      case '<number>':
        return { kind: 'constant', value: this.advance().number };
      case '<string>':
        return { kind: 'constant', value: this.advance().text };
      case 'nil':
        this.advance();
        return { kind: 'constant', value: undefined };
      case 'true':
      case 'false':
        return { kind: 'constant', value: this.advance().kind === 'true' };
      case '...':
        return this.varargs();
      case '{':
        return tableConstructor(this);
      case 'function': {
        this.advance();
        return { kind: 'function', body: functionBody(this, false, this.line) };
      }
      default:
        return this.primaryExpression();
    }
  }

  private varargs(): Expression {
    if (!this.scope.isVararg) this.fail("cannot use '...' outside a vararg function");
    this.scope.usesVarargs = true;
    this.advance();
    return { kind: 'vararg' };
  }

  /** A name or a parenthesis, followed by any number of indexes and calls. */
  primaryExpression(): Expression {
    let expression = this.prefixExpression();
    for (;;) {
      switch (this.lexeme.kind) {
        case '.':
          expression = this.field(expression);
          break;
        case '[': {
          const key = this.bracketedKey();
          expression = { kind: 'index', base: expression, key, line: this.lastLine };
          break;
        }
        case ':':
          expression = this.methodCall(expression);
          break;
        case '(':
        case '{':
        case '<string>':
          expression = this.call(expression);
          break;
        default:
          return expression;
      }
    }
  }

  private prefixExpression(): Expression {
    if (this.is('<name>')) return this.name();
    const line = this.line;
    if (!this.accept('(')) this.fail('unexpected symbol');
    const inner = this.expression();
    this.expectMatch(')', '(', line);
    if (inner.kind === 'constant') return inner;
    return { kind: 'parenthesis', inner: this.placed(inner) };
  }

  name(): Expression {
    const name = this.expect('<name>').text;
    const resolution = this.scope.resolve(name);
    if (resolution.kind === 'upvalue') return { kind: 'upvalue', index: resolution.index, name };
    if (resolution.kind === 'local') return { kind: 'local', variable: resolution.variable };
    return { kind: 'global', name, line: this.lastLine };
  }

  field(base: Expression): Expression {
    this.advance();
    const name = this.expect('<name>').text;
    return { kind: 'index', base, key: { kind: 'constant', value: name }, line: this.lastLine };
  }

  bracketedKey(): Expression {
    this.advance();
    const key = this.settle(this.expression());
    this.expect(']');
    return key;
  }

  private methodCall(object: Expression): MethodCallExpression {
    this.advance();
    const name = this.expect('<name>').text;
    const nameLine = this.lastLine;
    const line = this.line;
    const placed = this.placed(object);
    return { kind: 'method', object: placed, name, args: this.callArguments(), nameLine, line };
  }

  private call(callee: Expression): CallExpression {
    const line = this.line;
    return { kind: 'call', callee, args: this.callArguments(), line };
  }

  private callArguments(): Expression[] {
    const line = this.line;
    if (this.is('<string>')) return [{ kind: 'constant', value: this.advance().text }];
    if (this.is('{')) return [tableConstructor(this)];
    if (!this.is('(')) this.fail('function arguments expected');
    if (line !== this.lastLine) this.fail('ambiguous syntax (function call x new statement)');
    this.advance();
    const args = this.is(')') ? [] : this.expressionList();
    this.expectMatch(')', '(', line);
    return this.withLastPlaced(args);
  }

  private withLastPlaced(expressions: readonly Expression[]): Expression[] {
    const last = expressions.at(-1);
    return last === undefined ? [] : [...expressions.slice(0, -1), this.placed(last)];
  }

  peek(): Lexeme {
    if (this.ahead === undefined) {
      this.ahead = this.lexer.next();
      this.aheadLine = this.lexer.line;
    }
    return this.ahead;
  }

  openFunction(parent: FunctionScope | undefined, line: number): FunctionScope {
    return new FunctionScope(parent, line, (message) => this.lexer.fail(message));
  }
}

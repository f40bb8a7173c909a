/**
 * Parses the statements of a Lua 5.1 chunk (manual, §2.4) by recursive descent. See
 * `expression-parser.ts` on why the order of its checks matters.
 */
import type { AssignmentTarget, Block, Chunk, Clause, FunctionBody, Statement } from './ast.js';
import { ExpressionParser } from './expression-parser.js';

/** Parses a chunk; throws `LuaSyntaxError`. `source` is a byte string. */
export function parseChunk(source: string, chunk: Chunk): FunctionBody {
  return new Parser(source, chunk).main();
}

const BLOCK_ENDS = new Set(['else', 'elseif', 'end', 'until', '<eof>']);

class Parser extends ExpressionParser {
  main(): FunctionBody {
    this.scope.isVararg = true;
    const block = this.block();
    if (!this.is('<eof>')) this.fail("'<eof>' expected");
    return this.scope.finish(this.chunk, block);
  }

  protected block(): Block {
    const mark = this.scope.enterBlock();
    const statements = this.statements();
    this.scope.leaveBlock(mark);
    return statements;
  }

  /** Without a scope of its own: what `until` tests can see the locals of its block. */
  private statements(): Block {
    return this.nested(() => {
      const statements: Statement[] = [];
      while (!BLOCK_ENDS.has(this.lexeme.kind)) {
        const statement = this.statement();
        statements.push(statement);
        this.accept(';');
        if (statement.kind === 'return' || statement.kind === 'break') break;
      }
      return statements;
    });
  }

  private statement(): Statement {
    const line = this.line;
    switch (this.lexeme.kind) {
      case 'if':
        return this.ifStatement(line);
      case 'while':
        return this.whileStatement(line);
      case 'do': {
        this.advance();
        const block = this.block();
        this.expectMatch('end', 'do', line);
        return { kind: 'do', block };
      }
      case 'for':
        return this.forStatement(line);
      case 'repeat':
        return this.repeatStatement(line);
      case 'function':
        return this.functionStatement(line);
      case 'local':
        this.advance();
        return this.accept('function') ? this.localFunction() : this.localStatement();
      case 'return':
        return this.returnStatement();
      case 'break':
        this.advance();
        if (this.scope.loopDepth === 0) this.fail('no loop to break');
        return { kind: 'break' };
      default:
        return this.expressionStatement();
    }
  }

  private ifStatement(line: number): Statement {
    const clauses: Clause[] = [];
    do {
      this.advance();
      const condition = this.expression();
      this.expect('then');
      clauses.push({ condition, block: this.block() });
    } while (this.is('elseif'));
    const otherwise = this.accept('else') ? this.block() : undefined;
    this.expectMatch('end', 'if', line);
    return { kind: 'if', clauses, otherwise };
  }

  private whileStatement(line: number): Statement {
    this.advance();
    const condition = this.expression();
    this.expect('do');
    const block = this.loopBody(() => this.block());
    this.expectMatch('end', 'while', line);
    return { kind: 'while', condition, block };
  }

  private repeatStatement(line: number): Statement {
    this.advance();
    const mark = this.scope.enterBlock();
    const block = this.loopBody(() => this.statements());
    this.expectMatch('until', 'repeat', line);
    const condition = this.expression();
    this.scope.leaveBlock(mark);
    return { kind: 'repeat', block, condition };
  }

  private loopBody(parse: () => Block): Block {
    this.scope.loopDepth += 1;
    const block = parse();
    this.scope.loopDepth -= 1;
    return block;
  }

  private forStatement(line: number): Statement {
    this.advance();
    const mark = this.scope.enterBlock();
    const name = this.expect('<name>').text;
    let statement: Statement;
    if (this.is('=')) statement = this.numericFor(name);
    else if (this.is(',') || this.is('in')) statement = this.genericFor(name);
    else this.fail("'=' or 'in' expected");
    this.expectMatch('end', 'for', line);
    this.scope.leaveBlock(mark);
    return statement;
  }

  private numericFor(name: string): Statement {
    this.advance();
    const start = this.settle(this.expression());
    this.expect(',');
    const limit = this.settle(this.expression());
    const step = this.accept(',') ? this.settle(this.expression()) : undefined;
    this.scope.reserve(3);
    this.expect('do');
    const line = this.lastLine;
    const variable = this.scope.declare(name);
    this.scope.activate([variable]);
    const block = this.loopBody(() => this.block());
    return { kind: 'numeric-for', variable, start, limit, step, block, line };
  }

  private genericFor(first: string): Statement {
    const names = [first];
    while (this.accept(',')) names.push(this.expect('<name>').text);
    this.expect('in');
    const line = this.line;
    const iterators = this.expressionList();
    this.scope.reserve(3);
    this.expect('do');
    const variables = names.map((name, i) => this.scope.declare(name, i));
    this.scope.activate(variables);
    const block = this.loopBody(() => this.block());
    return { kind: 'generic-for', variables, iterators, block, line };
  }

  private functionStatement(line: number): Statement {
    this.advance();
    let target = this.name();
    while (this.is('.')) target = this.field(target);
    const hasSelf = this.is(':');
    if (hasSelf) target = this.field(target);
    const body = this.functionBody(hasSelf, line);
    const targets = [target as AssignmentTarget];
    return { kind: 'assignment', targets, values: [{ kind: 'function', body }], line };
  }

  private localFunction(): Statement {
    const variable = this.scope.declare(this.expect('<name>').text);
    this.scope.activate([variable]);
    return { kind: 'local-function', variable, body: this.functionBody(false, this.line) };
  }

  private localStatement(): Statement {
    const names = [this.expect('<name>').text];
    while (this.accept(',')) names.push(this.expect('<name>').text);
    const variables = names.map((name, i) => this.scope.declare(name, i));
    const values = this.accept('=') ? this.expressionList() : [];
    this.scope.activate(variables);
    return { kind: 'local-statement', variables, values };
  }

  private returnStatement(): Statement {
    this.advance();
    const isEmpty = BLOCK_ENDS.has(this.lexeme.kind) || this.is(';');
    return { kind: 'return', values: isEmpty ? [] : this.expressionList() };
  }

  private expressionStatement(): Statement {
    const expression = this.primaryExpression();
    if (expression.kind === 'call' || expression.kind === 'method') {
      return { kind: 'call-statement', call: expression };
    }
    const targets = [this.assignmentTarget(expression)];
    while (this.accept(',')) targets.push(this.assignmentTarget(this.primaryExpression()));
    this.expect('=');
    const values = this.expressionList();
    return { kind: 'assignment', targets, values, line: this.lastLine };
  }

  private assignmentTarget(expression: ReturnType<Parser['primaryExpression']>): AssignmentTarget {
    switch (expression.kind) {
      case 'local':
      case 'upvalue':
      case 'global':
      case 'index':
        return expression;
      default:
        return this.fail('syntax error');
    }
  }
}

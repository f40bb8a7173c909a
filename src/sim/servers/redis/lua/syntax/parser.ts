/**
 * Parses the statements of a Lua 5.1 chunk (manual, §2.4) by recursive descent. See
 * `expression-parser.ts` on why the order of its checks matters.
 */
import type { Block, Chunk, Clause, FunctionBody, Statement } from './ast.js';
import { ExpressionParser } from './expression-parser.js';
import {
  assignment,
  forStatement,
  functionStatement,
  localFunction,
  localStatement,
  repeatStatement,
  whileStatement,
} from './statements.js';

/** Parses a chunk; throws `LuaSyntaxError`. `source` is a byte string. */
export function parseChunk(source: string, chunk: Chunk): FunctionBody {
  return new Parser(source, chunk).main();
}

const BLOCK_ENDS = new Set(['else', 'elseif', 'end', 'until', '<eof>']);

export class Parser extends ExpressionParser {
  main(): FunctionBody {
    this.scope.isVararg = true;
    const block = this.block();
    if (!this.is('<eof>')) this.fail("'<eof>' expected");
    return this.scope.finish(this.chunk, block);
  }

  block(): Block {
    const mark = this.scope.enterBlock();
    const statements = this.statements();
    this.scope.leaveBlock(mark);
    return statements;
  }

  /** Without a scope of its own: what `until` tests can see the locals of its block. */
  statements(): Block {
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
        return whileStatement(this, line);
      case 'do': {
        this.advance();
        const block = this.block();
        this.expectMatch('end', 'do', line);
        return { kind: 'do', block };
      }
      case 'for':
        return forStatement(this, line);
      case 'repeat':
        return repeatStatement(this, line);
      case 'function':
        return functionStatement(this, line);
      case 'local':
        this.advance();
        return this.accept('function') ? localFunction(this) : localStatement(this);
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
    return assignment(this, expression);
  }
}

/**
 * Resolves names while a function is parsed: which local a name means, which slot it has, and
 * through which chain of functions an upvalue is reached.
 */
import type { Capture, Chunk, FunctionBody, Variable } from './ast.js';

/** Limits of the reference implementation (luaconf.h: LUAI_MAXVARS, LUAI_MAXUPVALUES). */
const MAX_LOCALS = 200;
const MAX_UPVALUES = 60;

export type Resolution =
  | { readonly kind: 'local'; readonly variable: Variable }
  | { readonly kind: 'upvalue'; readonly index: number }
  | { readonly kind: 'global' };

const GLOBAL: Resolution = { kind: 'global' };

/** The locals and upvalues of a function that is being parsed. */
export class FunctionScope {
  readonly parameters: Variable[] = [];
  isVararg = false;
  arg: Variable | undefined;
  usesVarargs = false;
  private hasCaptured = false;
  /** Loops around the statement being parsed. */
  loopDepth = 0;
  /**
   * The first zero that became a constant: the reference compiler keeps constants in a table, where
   * 0 and −0 are one key, so every later zero of the function has the sign of the first.
   */
  private firstZero: number | undefined;
  private readonly active: Variable[] = [];
  private slotCount = 0;
  private readonly captures: Capture[] = [];

  constructor(
    readonly parent: FunctionScope | undefined,
    /** Line of the keyword `function`; 0 for the main chunk. */
    private readonly line: number,
    /** Throws an error without a quotation at the current position. */
    private readonly fail: (message: string) => never,
  ) {}

  /** Makes a variable that `activate` brings into scope, as `pending` others made before it. */
  declare(name: string, pending = 0): Variable {
    const slot = this.active.length + pending;
    if (slot + 1 > MAX_LOCALS) this.exceed(MAX_LOCALS, 'local variables');
    this.slotCount = Math.max(this.slotCount, slot + 1);
    return { name, slot, captured: false };
  }

  activate(variables: readonly Variable[]): void {
    for (const variable of variables) this.active.push(variable);
  }

  /** Reserves a slot nobody can name, as loops do for their hidden state. */
  reserve(count: number): void {
    this.activate(Array.from({ length: count }, () => this.declare('')));
  }

  /** Number of active locals: what `leaveBlock` goes back to. */
  enterBlock(): number {
    return this.active.length;
  }

  leaveBlock(mark: number): void {
    this.active.length = mark;
  }

  resolve(name: string): Resolution {
    const variable = this.find(name);
    if (variable !== undefined) return { kind: 'local', variable };
    const outer = this.parent?.resolve(name) ?? GLOBAL;
    if (outer.kind === 'global') return GLOBAL;
    if (outer.kind === 'local') {
      outer.variable.captured = true;
      this.parent!.hasCaptured = true;
    }
    return { kind: 'upvalue', index: this.capture(outer) };
  }

  zero(value: number): number {
    this.firstZero ??= value;
    return this.firstZero;
  }

  finish(chunk: Chunk, block: FunctionBody['block']): FunctionBody {
    return {
      chunk,
      parameters: this.parameters,
      isVararg: this.isVararg,
      arg: this.arg,
      fillsArg: this.arg !== undefined && !this.usesVarargs,
      captures: this.captures,
      slotCount: this.slotCount,
      hasCaptured: this.hasCaptured,
      block,
    };
  }

  private find(name: string): Variable | undefined {
    return this.active.findLast((variable) => variable.name === name);
  }

  private capture(outer: Capture): number {
    const known = this.captures.findIndex((capture) => sameCapture(capture, outer));
    if (known >= 0) return known;
    if (this.captures.length + 1 > MAX_UPVALUES) this.exceed(MAX_UPVALUES, 'upvalues');
    return this.captures.push(outer) - 1;
  }

  private exceed(limit: number, what: string): never {
    const where = this.line === 0 ? 'main function' : `function at line ${this.line}`;
    return this.fail(`${where} has more than ${limit} ${what}`);
  }
}

function sameCapture(a: Capture, b: Capture): boolean {
  if (a.kind === 'local') return b.kind === 'local' && a.variable === b.variable;
  return b.kind === 'upvalue' && a.index === b.index;
}

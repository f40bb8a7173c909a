/**
 * The syntax tree of a Lua 5.1 chunk, as the parser leaves it: names are resolved to locals,
 * upvalues and globals, and every part that can fail at run time knows its line.
 */

/** Where a chunk came from: as Lua keeps it, and as it appears before a message. */
export interface Chunk {
  /** `@user_script` for a script, the text itself for `loadstring`. */
  readonly source: string;
  /** `user_script`, or `[string "…"]`. */
  readonly id: string;
  /** The same in messages of the parser, which leave more room for it. */
  readonly parserId: string;
}

/** A local variable. A captured one lives in a cell of its own, so that closures can share it. */
export interface Variable {
  readonly name: string;
  /** Index into the slots, or into the cells if captured, of a call of its function. */
  readonly slot: number;
  captured: boolean;
}

/** Where a new closure finds an upvalue: among the locals or upvalues of the function around it. */
export type Capture =
  | { readonly kind: 'local'; readonly variable: Variable }
  | { readonly kind: 'upvalue'; readonly index: number };

export interface FunctionBody {
  readonly chunk: Chunk;
  readonly parameters: readonly Variable[];
  readonly isVararg: boolean;
  /** The implicit local `arg` of a vararg function; `undefined` if the function has none. */
  readonly arg: Variable | undefined;
  /** Whether `arg` is filled: not if the function uses `...` itself. */
  readonly fillsArg: boolean;
  readonly captures: readonly Capture[];
  readonly slotCount: number;
  /** Whether any of its locals is captured. */
  readonly hasCaptured: boolean;
  readonly block: Block;
}

export type Block = readonly Statement[];

export type BinaryOperator = ArithmeticOperator | ComparisonOperator | '..' | 'and' | 'or';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^';
export type ComparisonOperator = '==' | '~=' | '<' | '<=' | '>' | '>=';
export type UnaryOperator = '-' | 'not' | '#';

export interface CallExpression {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly args: readonly Expression[];
  readonly line: number;
}

export interface MethodCallExpression {
  readonly kind: 'method';
  readonly object: Expression;
  readonly name: string;
  readonly args: readonly Expression[];
  readonly nameLine: number;
  readonly line: number;
}

export interface IndexExpression {
  readonly kind: 'index';
  readonly base: Expression;
  readonly key: Expression;
  readonly line: number;
}

export interface LocalExpression {
  readonly kind: 'local';
  readonly variable: Variable;
}

export interface UpvalueExpression {
  readonly kind: 'upvalue';
  readonly index: number;
  readonly name: string;
}

export interface GlobalExpression {
  readonly kind: 'global';
  readonly name: string;
  readonly line: number;
}

export interface BinaryExpression {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly line: number;
}

export interface UnaryExpression {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: Expression;
  readonly line: number;
}

export interface TableExpression {
  readonly kind: 'table';
  readonly fields: readonly TableField[];
  readonly line: number;
}

/** `value` alone is a list item; `key = value` a record field. */
export interface TableField {
  readonly key: Expression | undefined;
  readonly value: Expression;
}

export type Expression =
  | { readonly kind: 'constant'; readonly value: undefined | boolean | number | string }
  | { readonly kind: 'vararg' }
  | { readonly kind: 'function'; readonly body: FunctionBody }
  /** Kept because it cuts the values of a call to one, and cannot be assigned to. */
  | { readonly kind: 'parenthesis'; readonly inner: Expression }
  | LocalExpression
  | UpvalueExpression
  | GlobalExpression
  | IndexExpression
  | CallExpression
  | MethodCallExpression
  | BinaryExpression
  | UnaryExpression
  | TableExpression;

export type AssignmentTarget =
  | LocalExpression
  | UpvalueExpression
  | GlobalExpression
  | IndexExpression;

export interface Clause {
  readonly condition: Expression;
  readonly block: Block;
}

export type Statement =
  | {
      readonly kind: 'local-statement';
      readonly variables: readonly Variable[];
      readonly values: readonly Expression[];
    }
  | {
      readonly kind: 'local-function';
      readonly variable: Variable;
      readonly body: FunctionBody;
    }
  | {
      readonly kind: 'assignment';
      readonly targets: readonly AssignmentTarget[];
      readonly values: readonly Expression[];
      readonly line: number;
    }
  | {
      readonly kind: 'call-statement';
      readonly call: CallExpression | MethodCallExpression;
    }
  | { readonly kind: 'do'; readonly block: Block }
  | { readonly kind: 'while'; readonly condition: Expression; readonly block: Block }
  | { readonly kind: 'repeat'; readonly block: Block; readonly condition: Expression }
  | {
      readonly kind: 'if';
      readonly clauses: readonly Clause[];
      readonly otherwise: Block | undefined;
    }
  | {
      readonly kind: 'numeric-for';
      readonly variable: Variable;
      readonly start: Expression;
      readonly limit: Expression;
      readonly step: Expression | undefined;
      readonly block: Block;
      readonly line: number;
    }
  | {
      readonly kind: 'generic-for';
      readonly variables: readonly Variable[];
      readonly iterators: readonly Expression[];
      readonly block: Block;
      readonly line: number;
    }
  | { readonly kind: 'return'; readonly values: readonly Expression[] }
  | { readonly kind: 'break' };

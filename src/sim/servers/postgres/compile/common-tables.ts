/**
 * WITH: each part runs once, when it is first read; a part that changes data runs to its end in any
 * case, after the statement. All see the same snapshot.
 */
import type { WithStatementBinding } from 'pgsql-ast-parser';
import { notModelled } from '../errors.js';
import { BLOCKED } from '../execution.js';
import { modify } from './modify.js';
import { Scope } from './scope.js';
import { type Compiled, select } from './select.js';

interface Binding {
  readonly alias: { readonly name: string };
  readonly statement: WithStatementBinding;
}

export function bindCommonTables(scope: Scope, bindings: readonly Binding[]): void {
  for (const { alias, statement } of bindings) {
    const { compilation } = scope;
    const inside = new Scope(compilation, scope);
    const changes =
      statement.type === 'insert' || statement.type === 'update' || statement.type === 'delete';
    const { columns, open } = changes ? modify(inside, statement) : query(inside, statement);
    if (inside.correlated) throw notModelled('WITH that depends on the row around it');
    const at = compilation.materialised;
    compilation.materialised += 1;
    scope.commonTables.set(alias.name, { columns, at, open });
    if (changes) {
      compilation.finish.push((execution) => execution.rowsOf(at, open) !== BLOCKED);
    }
  }
}

function query(scope: Scope, statement: WithStatementBinding): Compiled {
  if (statement.type === 'with recursive') throw notModelled('WITH RECURSIVE');
  if (statement.type === 'insert' || statement.type === 'update' || statement.type === 'delete') {
    throw notModelled('a change here');
  }
  return select(scope, statement);
}

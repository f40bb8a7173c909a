/** A query made ready to run. */
import type { Catalog } from '../catalog/catalog.js';
import { notModelled } from '../errors.js';
import type { Query } from '../syntax/parse.js';
import { bindCommonTables } from './common-tables.js';
import { modify } from './modify.js';
import type { Plan } from './plan.js';
import { Compilation, Scope } from './scope.js';
import { type Compiled, select } from './select.js';

type Main = Query['statement'];

function compileMain(scope: Scope, ast: Main): { command: Plan['command']; compiled: Compiled } {
  switch (ast.type) {
    case 'with':
      bindCommonTables(scope, ast.bind);
      return compileMain(scope, ast.in);
    case 'insert':
      return { command: 'INSERT', compiled: modify(scope, ast) };
    case 'update':
      return { command: 'UPDATE', compiled: modify(scope, ast) };
    case 'delete':
      return { command: 'DELETE', compiled: modify(scope, ast) };
    case 'select':
    case 'values':
    case 'union':
    case 'union all':
      return { command: 'SELECT', compiled: select(scope, ast) };
    default:
      throw notModelled(ast.type.toUpperCase());
  }
}

export function compile(catalog: Catalog, query: Query): Plan {
  const compilation = new Compilation(catalog, query);
  const scope = new Scope(compilation, undefined);
  const { command, compiled } = compileMain(scope, query.statement);
  const gives = command === 'SELECT' || compiled.columns.length > 0;
  return {
    command,
    parameters: compilation.parameterTypes(),
    columns: gives ? compiled.columns : undefined,
    tables: compilation.tables,
    suspends: compilation.suspends,
    open: compiled.open,
    finish: compilation.finish,
  };
}

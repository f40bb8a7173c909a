/**
 * What the core may not use, because two machines, two engines or two runs could see different
 * things, each with what to use instead (docs/semantics.md, D4, D7, D8, D11, D12). What is missing
 * here — `console`, `process`, the DOM — is missing from the core's compiler options already.
 */
import type { Problem, SourceFile, Syntax } from './source.js';
import { memberOf, nameOf, visit } from './source.js';

/** Globals, with what to use instead. */
const GLOBALS: ReadonlyMap<string, string> = new Map([
  ['Date', 'the clocks of the environment, or world time'],
  ['performance', 'the clocks of the environment, or world time'],
  ['setTimeout', 'an event in the queue'],
  ['setInterval', 'an event in the queue'],
  ['setImmediate', 'an event in the queue'],
  ['crypto', 'a decision (src/random.ts)'],
  ['Intl', 'a comparison by code units'],
  ['WeakRef', 'an owner that forgets: collection is not deterministic'],
  ['FinalizationRegistry', 'an owner that forgets: collection is not deterministic'],
  ['SharedArrayBuffer', 'plain data handed over'],
  ['Atomics', 'plain data handed over'],
  ['globalThis', 'an argument'],
  ['eval', 'a closure'],
]);

/** Members of `Math` that the language specifies to the last bit (sqrt: IEEE 754 everywhere). */
const EXACT_MATH = new Set(
  'abs ceil clz32 floor fround imul max min round sign sqrt trunc PI'.split(' '),
);

/** Methods, by name. */
const METHODS: ReadonlyMap<string, string> = new Map([
  ['localeCompare', 'a comparison by code units'],
  ['toLocaleString', 'template literals'],
  ['toLocaleDateString', 'template literals'],
  ['toLocaleTimeString', 'template literals'],
  ['toLocaleLowerCase', 'toLowerCase'],
  ['toLocaleUpperCase', 'toUpperCase'],
  ['toFixed', 'integer arithmetic, and text made of integers'],
  ['stack', 'the place that the host found: stacks differ between engines'],
]);

/** The file uses nothing that could differ from run to run or from engine to engine. */
export function banList(file: SourceFile): Problem[] {
  const problems: Problem[] = [];
  visit(file.program, (part, around) => {
    const found = banned(part, around);
    if (found === undefined) return;
    const [what, instead] = found;
    problems.push(file.problem(part.start, `${what} is banned in the core: use ${instead}`));
  });
  return problems;
}

function banned(
  part: Syntax,
  around: readonly Syntax[],
): readonly [what: string, instead: string] | undefined {
  switch (part.type) {
    case 'Identifier': {
      const name = nameOf(part)!;
      const instead = GLOBALS.get(name);
      return instead === undefined || isLabel(part, around.at(-1)) ? undefined : [name, instead];
    }
    case 'MemberExpression':
      return bannedMember(part, around.at(-1));
    case 'ForInStatement':
      return ['for…in', 'a Map, or for…of over an array'];
    case 'BinaryExpression':
      return part['operator'] === '**' && !isBigInt(part['left'])
        ? ['** on numbers', 'multiplication, shifts or a table: engines round it differently']
        : undefined;
    default:
      return undefined;
  }
}

/** Whether an identifier only names a member or a key. */
function isLabel(part: Syntax, parent: Syntax | undefined): boolean {
  if (parent?.type === 'MemberExpression') {
    return parent['property'] === part && parent['computed'] !== true;
  }
  return parent?.['key'] === part && parent['computed'] !== true;
}

function bannedMember(
  part: Syntax,
  parent: Syntax | undefined,
): readonly [string, string] | undefined {
  const member = memberOf(part);
  if (member === undefined) return undefined;
  const { owner, name } = member;
  if (owner === 'Math' && !EXACT_MATH.has(name)) {
    const instead = name === 'random' ? 'a decision (src/random.ts)' : 'integers or a table';
    return [`Math.${name}`, instead];
  }
  const called = parent?.type === 'CallExpression' && parent['callee'] === part;
  if (called && (name === 'sort' || name === 'toSorted')) {
    const bare = (parent['arguments'] as unknown[]).length === 0;
    return bare ? [`${name}()`, 'a comparator that never answers 0 for two things'] : undefined;
  }
  const instead = METHODS.get(name);
  return instead === undefined ? undefined : [`.${name}`, instead];
}

function isBigInt(part: unknown): boolean {
  const literal = part as Syntax;
  return literal.type === 'Literal' && typeof literal['value'] === 'bigint';
}

/**
 * In the kernel what is iterated is a Map, a Set or an array: an object puts keys that look like
 * integers first, whatever the order they came in (D4). Objects that the file itself spells out
 * have known keys, and pass.
 */
export function orderedKeys(file: SourceFile): Problem[] {
  const spelledOut = new Set<string | undefined>();
  const calls: { call: Syntax; method: string; argument: Syntax | undefined }[] = [];
  visit(file.program, (part) => {
    if (part.type === 'VariableDeclarator') {
      const value = part['init'] as Syntax | null;
      const inner = value?.type === 'TSAsExpression' ? (value['expression'] as Syntax) : value;
      if (inner?.type === 'ObjectExpression') spelledOut.add(nameOf(part['id']));
    }
    if (part.type !== 'CallExpression') return;
    const member = memberOf(part['callee']);
    if (member?.owner !== 'Object' || !/^(keys|values|entries)$/.test(member.name)) return;
    const [argument] = part['arguments'] as Syntax[];
    if (argument?.type !== 'ObjectExpression') {
      calls.push({ call: part, method: member.name, argument });
    }
  });
  return calls
    .filter(({ argument }) => !spelledOut.has(nameOf(argument) ?? ''))
    .map(({ call, method }) =>
      file.problem(call.start, `Object.${method} of data is banned in the kernel: use a Map`),
    );
}

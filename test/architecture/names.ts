/**
 * How things are called. A number that measures time says in which unit, last; words that already
 * mean two things are not used at all (docs/glossary.md, "Words not used").
 */
import type { Problem, SourceFile, Syntax } from './source.js';
import { nameOf, visit } from './source.js';

const MEASURES_TIME = /(ttl|timeout|delay|latency|duration|drift|time)$/i;

/** A name that means two things, and what to say instead. */
const AMBIGUOUS: ReadonlyMap<string, string> = new Map([
  ['node', 'host, client or server'],
  ['nodes', 'hosts, clients or servers'],
  ['token', 'ownerId or fencingToken'],
  ['tokens', 'ownerIds or fencingTokens'],
  ['timeout', 'ttlMs, callTimeoutMs, …: what times out, and the unit'],
  ['tick', 'event, step or atUs'],
]);

/** Where the words are the field's own: a parser has tokens, a syntax tree has nodes. */
const OWN_TERMS = /^(src\/sim\/servers\/redis\/lua|scripts\/mutation)\//;

/** A number called `ttl` or `delay` says nothing: `ttlMs`, `delayUs`. */
export function unitsLast(file: SourceFile): Problem[] {
  return declarations(file)
    .filter(({ name, isNumber }) => isNumber && MEASURES_TIME.test(name))
    .map(({ name, start }) =>
      file.problem(start, `${name} is a number without a unit: ${name}Ms or ${name}Us`),
    );
}

/** A declared name means one thing. */
export function oneMeaning(file: SourceFile): Problem[] {
  if (OWN_TERMS.test(file.path)) return [];
  return declarations(file).flatMap(({ name, start }) => {
    const instead = AMBIGUOUS.get(name);
    if (instead === undefined) return [];
    return [file.problem(start, `${name} means two things: say ${instead}`)];
  });
}

interface Declared {
  readonly name: string;
  readonly isNumber: boolean;
  readonly start: number;
}

/** The names of all properties, parameters and variables that a file declares. */
function declarations(file: SourceFile): Declared[] {
  const found: Declared[] = [];
  visit(file.program, (part) => {
    switch (part.type) {
      case 'TSPropertySignature':
      case 'PropertyDefinition':
        found.push(...declared(part['key'], part['typeAnnotation'], part['value']));
        break;
      case 'VariableDeclarator': {
        const id = part['id'] as Syntax;
        found.push(...declared(id, id['typeAnnotation'], part['init']));
        break;
      }
      default:
        for (const param of (part['params'] as Syntax[] | undefined) ?? []) {
          found.push(...declared(...parameter(param)));
        }
    }
  });
  return found;
}

/** A parameter's identifier, annotation and default, whether or not it is a property too. */
function parameter(param: Syntax): [unknown, unknown, unknown] {
  if (param.type === 'TSParameterProperty') return parameter(param['parameter'] as Syntax);
  if (param.type === 'AssignmentPattern') {
    const left = param['left'] as Syntax;
    return [left, left['typeAnnotation'], param['right']];
  }
  return [param, param['typeAnnotation'], undefined];
}

function declared(id: unknown, annotation: unknown, value: unknown): Declared[] {
  const name = nameOf(id);
  if (name === undefined) return [];
  const type = (annotation as Syntax | null | undefined)?.['typeAnnotation'] as Syntax | undefined;
  const literal = value as Syntax | null | undefined;
  const isNumber =
    type?.type === 'TSNumberKeyword' ||
    (literal?.type === 'Literal' && typeof literal['value'] === 'number');
  return [{ name, isNumber, start: (id as Syntax).start }];
}

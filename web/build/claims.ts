/**
 * Leaves the claims of the built-in locks out of the page (docs/decisions/0017). What a lock is
 * held to across a campaign is asked by the command line; the page judges single runs, and has
 * claims from the file of a matrix.
 */
import type { Plugin } from 'vite';

const LOCK = /\/src\/algorithms\/[\w-]+\.ts$/;
const CLAIMS = /\/src\/algorithms\/(?:[\w-]+-)?claims\.ts$/;

export function withoutClaims(): Plugin {
  return {
    name: 'holdfast-without-claims',
    transform(code, id) {
      if (CLAIMS.test(id)) return { code, moduleSideEffects: false };
      if (!LOCK.test(id) || !code.includes('defineLock(')) return undefined;
      return claimless(code, this.parse(code));
    },
  };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Property extends Span {
  readonly key?: { readonly name?: string };
  readonly value: Span;
}

/** The source of a module whose `defineLock({ claims: … })` claims nothing. */
function claimless(code: string, program: unknown): string {
  const values = [...propertiesOfLocks(program)].map(({ value }) => value);
  return values
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end }) => `${text.slice(0, start)}{}${text.slice(end)}`, code);
}

function* propertiesOfLocks(tree: unknown): Iterable<Property> {
  if (typeof tree !== 'object' || tree === null) return;
  const {
    type,
    callee,
    arguments: args,
  } = tree as {
    readonly type?: string;
    readonly callee?: { readonly name?: string };
    readonly arguments?: readonly { readonly properties?: readonly Property[] }[];
  };
  if (type === 'CallExpression' && callee?.name === 'defineLock') {
    const properties = args?.[0]?.properties ?? [];
    yield* properties.filter(({ key }) => key?.name === 'claims');
    return;
  }
  for (const child of Object.values(tree)) yield* propertiesOfLocks(child);
}

/**
 * Source files as the architecture rules see them: path, lines, syntax tree. Parsed by the parser
 * that comes with vite, so that rules look at code and not at text that resembles code.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Something that breaks a rule. `line` counts from 1. */
export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** A part of a syntax tree, with ESTree's names for its kinds. */
export interface Syntax {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [name: string]: unknown;
}

/** One source file. The tree is made when a rule first asks for it. */
export class SourceFile {
  readonly lines: readonly string[];
  private parsed: ReturnType<typeof parseSync> | undefined;

  constructor(
    /** From the root of the repository, with forward slashes. */
    readonly path: string,
    readonly text: string,
  ) {
    this.lines = text.replace(/\n$/, '').split('\n');
  }

  get program(): Syntax {
    return this.parse().program as unknown as Syntax;
  }

  /** What the file imports and re-exports, dynamically too, with the line. */
  imports(): { specifier: string; line: number }[] {
    const found: { specifier: string; line: number }[] = [];
    visit(this.program, (part) => {
      const target = importTarget(part);
      if (target !== undefined) found.push({ specifier: target, line: this.lineAt(part.start) });
    });
    return found;
  }

  problem(offset: number, message: string): Problem {
    return { path: this.path, line: this.lineAt(offset), message };
  }

  lineAt(offset: number): number {
    return this.text.slice(0, offset).split('\n').length;
  }

  private parse(): ReturnType<typeof parseSync> {
    if (this.parsed === undefined) {
      const lang = this.path.endsWith('.tsx') ? 'tsx' : this.path.endsWith('.ts') ? 'ts' : 'js';
      this.parsed = parseSync(this.path, this.text, { lang });
      const [error] = this.parsed.errors;
      if (error !== undefined) throw new Error(`${this.path}: ${error.message}`);
    }
    return this.parsed;
  }
}

/** The module that an import, a re-export, `import()` or `new URL(…, import.meta.url)` names. */
function importTarget(part: Syntax): string | undefined {
  switch (part.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
      return textOf(part['source']);
    case 'NewExpression': {
      const [first, second] = part['arguments'] as Syntax[];
      if (nameOf(part['callee']) !== 'URL' || second?.type !== 'MemberExpression') return undefined;
      const target = textOf(first);
      return target !== undefined && /^\..*\.[jt]s$/.test(target) ? target : undefined;
    }
    default:
      return undefined;
  }
}

/** The text of a string literal. */
export function textOf(part: unknown): string | undefined {
  const literal = part as Syntax | null | undefined;
  return literal?.type === 'Literal' && typeof literal['value'] === 'string'
    ? literal['value']
    : undefined;
}

/** The name of an identifier. */
export function nameOf(part: unknown): string | undefined {
  const identifier = part as Syntax | null | undefined;
  return identifier?.type === 'Identifier' ? (identifier['name'] as string) : undefined;
}

/** `name` of `owner.name`, where it is written so. */
export function memberOf(part: unknown): { owner: string | undefined; name: string } | undefined {
  const member = part as Syntax | undefined;
  if (member?.type !== 'MemberExpression' || member['computed'] === true) return undefined;
  const name = nameOf(member['property']);
  return name === undefined ? undefined : { owner: nameOf(member['object']), name };
}

/** Calls `on` for every part of a tree, outermost first, with the parts around it, nearest last. */
export function visit(
  root: Syntax,
  on: (part: Syntax, around: readonly Syntax[]) => void,
  around: Syntax[] = [],
): void {
  on(root, around);
  around.push(root);
  for (const value of Object.values(root)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isSyntax(child)) visit(child, on, around);
    }
  }
  around.pop();
}

function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Folders that hold no sources of ours. */
const SKIPPED = new Set(['node_modules', 'dist', '.git', '.holdfast', 'coverage']);

/** Paths of all files under the given folders and files, from the root, in order. */
export function listFiles(places: readonly string[], extensions: readonly string[]): string[] {
  const found: string[] = [];
  for (const place of places) {
    for (const entry of readdirSync(path.join(ROOT, place), { withFileTypes: true })) {
      const inside = path.posix.join(place, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) found.push(...listFiles([inside], extensions));
      } else if (extensions.some((extension) => entry.name.endsWith(extension))) {
        found.push(inside);
      }
    }
  }
  return found.sort((a, b) => (a < b ? -1 : 1));
}

export function readSource(file: string): SourceFile {
  return new SourceFile(file, readFileSync(path.join(ROOT, file), 'utf8'));
}

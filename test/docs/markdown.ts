/**
 * The parts of a Markdown page that can be checked: its fenced blocks, links, and headings.
 *
 * Conventions of our pages, for blocks:
 *
 *     sh              a shell command; runs in a folder where the package is installed
 *     sh exit=1       the same, and it must end with that exit code (default 0)
 *     sh serving      one that serves until Ctrl-C: it is ended when it has printed its address
 *     sh checkout     for a checkout of this repository; does not run, but what it names must exist
 *     ts              TypeScript; is type-checked against the package
 *     ts my-lock.ts   the same, and stands under that name in the folder where commands run
 *     text            right behind one of these: what it prints. Elsewhere: any drawing
 *
 * A line of output that is only `…` stands for any number of lines.
 */

export interface Block {
  readonly language: string;
  /** The words behind the language. */
  readonly words: readonly string[];
  readonly text: string;
  /** Line of the page on which the text begins, from 1. */
  readonly line: number;
  /** What the page says that it prints. */
  readonly output?: { readonly text: string; readonly line: number };
}

const FENCE = /^(`{3,})(.*)$/;

/** All fenced blocks of a page, outputs attached to what prints them. */
export function blocksOf(markdown: string): Block[] {
  const lines = markdown.split('\n');
  const blocks: (Block & { readonly endLine: number })[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const open = FENCE.exec(lines[index]!);
    if (open === null) continue;
    const end = lines.indexOf(open[1]!, index + 1);
    if (end < 0) throw new Error(`line ${index + 1}: the block does not end`);
    const [language = '', ...words] = open[2]!.trim().split(/\s+/);
    const text = lines.slice(index + 1, end).join('\n');
    blocks.push({ language, words, text, line: index + 2, endLine: end + 1 });
    index = end;
  }
  return attachOutputs(blocks, lines);
}

function attachOutputs(
  blocks: readonly (Block & { readonly endLine: number })[],
  lines: readonly string[],
): Block[] {
  const attached: Block[] = [];
  let previous: (typeof blocks)[number] | undefined;
  for (const block of blocks) {
    const { endLine: _end, ...plain } = block;
    const isOutput = block.language === 'text' && previous !== undefined && isRunnable(previous);
    const between = lines.slice(previous?.endLine ?? 0, block.line - 2);
    if (isOutput && between.every((line) => line === '')) {
      const output = { text: block.text, line: block.line };
      attached[attached.length - 1] = { ...attached.at(-1)!, output };
    } else attached.push(plain);
    previous = block;
  }
  return attached;
}

function isRunnable({ language }: Block): boolean {
  return language === 'sh' || language === 'ts';
}

export interface Link {
  readonly target: string;
  readonly line: number;
}

/** Targets of the links of a page, those in code left out. */
export function linksOf(markdown: string): Link[] {
  const found: Link[] = [];
  let fenced = false;
  markdown.split('\n').forEach((text, index) => {
    if (FENCE.test(text)) fenced = !fenced;
    if (fenced) return;
    const plain = text.replace(/`[^`]*`/g, '');
    for (const [, target] of plain.matchAll(/\]\(([^)\s]+)\)/g)) {
      found.push({ target: target!, line: index + 1 });
    }
  });
  return found;
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

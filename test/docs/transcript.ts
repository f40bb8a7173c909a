/**
 * Compares what a page says that a command prints with what it prints. Figures that depend on the
 * machine — real time, rates, long replay codes — are the same to it; all others must agree.
 */

const TIME = String.raw`[\d.,]+ (?:ms|s|min)`;
const RATE = String.raw`[\d.,]+ (?:[kM] )?(?:events|runs)\/s`;

/** What differs from one execution to the next, and what stands for it. */
const VARYING: readonly (readonly [pattern: RegExp, standsFor: string])[] = [
  [new RegExp(`${TIME}(\\s+·\\s+)${RATE}`, 'g'), '<time>$1<rate>'],
  [new RegExp(RATE, 'g'), '<rate>'],
  [/\bhf\d+_[\w-]+…?/g, '<replay code>'],
];

/** The lines of a transcript that count: figures of the machine replaced, no space at the ends. */
export function comparable(text: string): string[] {
  let plain = text;
  for (const [pattern, standsFor] of VARYING) plain = plain.replace(pattern, standsFor);
  const lines = plain.split('\n').map((line) => line.trimEnd());
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

const ANY_LINES = '…';

/** Whether the transcript shown matches the real one. */
export function matches(shown: string, real: string): boolean {
  return matchLines(comparable(shown), comparable(real));
}

function matchLines(shown: readonly string[], real: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return real.length === 0;
  if (!isCut(first)) {
    return real[0] === first && matchLines(rest, real.slice(1));
  }
  return real.some((_, skip) => matchLines(rest, real.slice(skip))) || matchLines(rest, []);
}

/** Lines are taken for the same place of a transcript if they begin alike. */
const ANCHOR_CHARACTERS = 12;

/**
 * What a page should show instead: the real output, cut where the page cuts it. Every part between
 * two lines of `…` is found again by how its first and last line begin.
 *
 * @throws if a part cannot be found: then somebody has to choose anew what to show.
 */
export function updated(shown: string, real: string): string[] {
  const lines = presentable(real);
  if (!shown.split('\n').some(isCut)) return lines;
  const result: string[] = [];
  let from = 0;
  for (const part of partsOf(shown.split('\n'))) {
    if (isCut(part[0]!)) result.push(...part);
    else {
      const start = anchored(lines, part[0]!, from);
      from = anchored(lines, part.at(-1)!, start) + 1;
      result.push(...lines.slice(start, from));
    }
  }
  return result;
}

/** Runs of lines that are shown, and between them the lines that stand for others. */
function partsOf(lines: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (const line of lines) {
    const last = parts.at(-1);
    if (last === undefined || isCut(line) || isCut(last[0]!)) parts.push([line]);
    else last.push(line);
  }
  return parts;
}

function isCut(line: string): boolean {
  return line.trim() === ANY_LINES;
}

function anchored(lines: readonly string[], line: string, from: number): number {
  const anchor = line.slice(0, ANCHOR_CHARACTERS);
  const index = lines.findIndex((real, at) => at >= from && real.startsWith(anchor));
  if (index < 0) throw new Error(`no line of the output begins with ${JSON.stringify(anchor)}`);
  return index;
}

const CODE_CHARACTERS_SHOWN = 12;

/** The lines of an output as a page shows them: long replay codes cut short. */
function presentable(output: string): string[] {
  const shortened = output.replace(/\bhf\d+_[\w-]+/g, (code) => {
    return code.length > CODE_CHARACTERS_SHOWN ? `${code.slice(0, CODE_CHARACTERS_SHOWN)}…` : code;
  });
  return shortened
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
}

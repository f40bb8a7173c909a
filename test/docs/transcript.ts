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
  if (first.trim() !== ANY_LINES) {
    return real[0] === first && matchLines(rest, real.slice(1));
  }
  return real.some((_, skip) => matchLines(rest, real.slice(skip))) || matchLines(rest, []);
}

/** Whether a page shows the output in full, so that it can be brought up to date by itself. */
export function isWhole(shown: string): boolean {
  return !shown.split('\n').some((line) => line.trim() === ANY_LINES);
}

const CODE_CHARACTERS_SHOWN = 12;

/** The lines of an output as a page shows them: long replay codes cut short. */
export function presentable(output: string): string[] {
  const shortened = output.replace(/\bhf\d+_[\w-]+/g, (code) => {
    return code.length > CODE_CHARACTERS_SHOWN ? `${code.slice(0, CODE_CHARACTERS_SHOWN)}…` : code;
  });
  return shortened
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
}

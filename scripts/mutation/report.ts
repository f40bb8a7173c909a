/** What became of the mutants, as text: for the terminal and for `reports/mutation.md`. */
import type { Mutant } from './instrument.js';

/** A mutant that behaves like the original, and why; kept in test/checkers. */
export interface Equivalent {
  readonly source: string;
  readonly change: string;
  readonly reason: string;
}

/** Equivalent mutants by the name of their file. */
export type Equivalents = Readonly<Record<string, readonly Equivalent[]>>;

export interface Outcome {
  readonly mutants: readonly Mutant[];
  readonly equivalent: readonly (Mutant & { readonly reason: string })[];
  readonly survivors: readonly (Mutant & { readonly unmet: boolean })[];
  /** Listed as equivalent, but killed or no longer there. */
  readonly stale: readonly (Equivalent & { readonly file: string })[];
}

/** Tells survivors from those that are listed as equivalent. */
export function settle(
  mutants: readonly Mutant[],
  survived: ReadonlySet<number>,
  unmet: ReadonlySet<number>,
  listed: Equivalents,
): Outcome {
  const equivalent: (Mutant & { reason: string })[] = [];
  const survivors: (Mutant & { unmet: boolean })[] = [];
  const used = new Set<Equivalent>();
  for (const mutant of mutants) {
    if (!survived.has(mutant.id)) continue;
    const entry = listed[mutant.file]?.find(
      ({ source, change }) => source === mutant.source && change === mutant.change,
    );
    if (entry === undefined) survivors.push({ ...mutant, unmet: unmet.has(mutant.id) });
    else {
      used.add(entry);
      equivalent.push({ ...mutant, reason: entry.reason });
    }
  }
  const files = new Set(mutants.map(({ file }) => file));
  const stale = Object.entries(listed).flatMap(([file, entries]) =>
    files.has(file)
      ? entries.filter((entry) => !used.has(entry)).map((entry) => ({ ...entry, file }))
      : [],
  );
  return { mutants, equivalent, survivors, stale };
}

export function survivorsText({ survivors, stale }: Outcome): string {
  const lines = survivors.map(
    ({ file, line, source, change, unmet }) =>
      `${file}:${line}  ${change}${unmet ? '  (no test comes here)' : ''}\n    ${source}`,
  );
  const old = stale.map(
    ({ file, change }) => `${file}  listed as equivalent, but killed or gone: ${change}`,
  );
  return [...lines, ...old].join('\n');
}

export function reportMarkdown(outcome: Outcome): string {
  const { mutants, equivalent, survivors } = outcome;
  const files = [...new Set(mutants.map(({ file }) => file))];
  const count = (of: readonly Mutant[], file: string) => of.filter((m) => m.file === file).length;
  const row = (name: string, all: number, same: number, alive: number) =>
    `| ${name} | ${all} | ${all - same - alive} | ${same} | ${alive} |`;
  return [
    '# Mutants of the checkers',
    '',
    'Each mutant is a checker with one thing wrong: a comparison inverted or moved by its',
    'boundary, a clause dropped or negated, a condition fixed, an extreme or a sign exchanged.',
    'It counts as killed if a test of `test/checkers` fails. Equivalent ones are listed with the',
    'reason in `test/checkers/equivalent-mutants.json`. Written by `npm run mutate`.',
    '',
    '| checker file | mutants | killed | equivalent | survivors |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...files.map((f) => row(f, count(mutants, f), count(equivalent, f), count(survivors, f))),
    row('all', mutants.length, equivalent.length, survivors.length),
    '',
    ...section(
      'Survivors',
      survivors.map(({ file, change }) => `${file}: \`${change}\``),
    ),
    ...section(
      'Equivalent',
      equivalent.map(({ file, change, reason }) => `${file}: \`${change}\`: ${reason}`),
    ),
  ].join('\n');
}

function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`## ${title}`, '', ...items.map((item) => `- ${item}`), ''];
}

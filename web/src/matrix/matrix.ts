/**
 * The matrix as data: for each lock and fault class what the campaign found, read from the document
 * that `check --all --per-class --json` writes. A document of one lock is a matrix of one row.
 */
import type { AllReport, ClassReport, LockReport, PropertyReport } from '../../../src/report.js';

/**
 * - `holds`: no property was broken;
 * - `claimed`: what broke is covered by the lock's claims;
 * - `broken`: a promise was broken;
 * - `unknown`: a doubt is left;
 * - `not-run`: the document has no campaign of it.
 */
export type CellState = 'holds' | 'claimed' | 'broken' | 'unknown' | 'not-run';

export interface Cell {
  readonly faultClass: string;
  readonly state: CellState;
  readonly runs: number;
  /** Broken or doubtful properties, the worst first. */
  readonly found: readonly PropertyReport[];
  /** Replay code of the smallest run of the worst of them. */
  readonly replay: string | undefined;
}

export interface MatrixRow {
  readonly lock: string;
  readonly flawed: boolean;
  readonly cells: readonly Cell[];
}

export interface Matrix {
  readonly faultClasses: readonly string[];
  readonly rows: readonly MatrixRow[];
}

/**
 * Reads such a document.
 *
 * @throws {Error} with a sentence that names the file and what it lacks.
 */
export function matrixOf(text: string, name: string): Matrix {
  const locks = locksIn(text, name);
  const without = locks.find(({ perClass }) => perClass === undefined);
  if (without !== undefined) {
    throw new Error(
      `${name} says nothing of single fault classes (${without.algorithm}): write it with ` +
        '`npx holdfast check --all --per-class --json`',
    );
  }
  const faultClasses = [
    ...new Set(locks.flatMap(({ perClass }) => perClass!.map(({ faultClass }) => faultClass))),
  ];
  const rows = locks.map(({ algorithm, flawed, perClass }) => ({
    lock: algorithm,
    flawed,
    cells: faultClasses.map((faultClass) =>
      cellOf(
        faultClass,
        perClass!.find((one) => one.faultClass === faultClass),
      ),
    ),
  }));
  return { faultClasses, rows };
}

function locksIn(text: string, name: string): readonly LockReport[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error(`${name} is no JSON, or was cut short: write it again`);
  }
  const { locks, algorithm } = (parsed ?? {}) as Partial<AllReport & LockReport>;
  if (Array.isArray(locks)) return locks;
  if (typeof algorithm === 'string') return [parsed as LockReport];
  throw new Error(
    `${name} is no report: it has neither "locks" nor "algorithm"; write it with ` +
      '`npx holdfast check --all --per-class --json`',
  );
}

function cellOf(faultClass: string, report: ClassReport | undefined): Cell {
  if (report === undefined) {
    return { faultClass, state: 'not-run', runs: 0, found: [], replay: undefined };
  }
  const found = report.properties
    .filter(({ verdict }) => verdict === 'invalid' || verdict === 'unknown')
    .sort((a, b) => weightOf(b) - weightOf(a));
  const replay = found.find(({ counterexample }) => counterexample)?.counterexample?.replay;
  return { faultClass, state: stateOf(found), runs: report.runs, found, replay };
}

function stateOf([worst]: readonly PropertyReport[]): CellState {
  if (worst === undefined) return 'holds';
  if (worst.verdict === 'unknown') return 'unknown';
  return worst.expected === true ? 'claimed' : 'broken';
}

/** A broken promise weighs most, then a claimed break, then a doubt. */
function weightOf({ verdict, expected }: PropertyReport): number {
  if (verdict === 'unknown') return 1;
  return expected === true ? 2 : 3;
}

/** What a cell says, for who does not see its sign. */
export function wordsOf({ faultClass, state, runs, found }: Cell): string {
  const names = found.map(({ property, class: shown }) =>
    shown === undefined ? property : `${property} (${shown})`,
  );
  switch (state) {
    case 'holds':
      return `${faultClass}: everything holds in ${runs} runs`;
    case 'claimed':
      return `${faultClass}: as claimed, ${names.join(', ')}`;
    case 'broken':
      return `${faultClass}: broken, ${names.join(', ')}`;
    case 'unknown':
      return `${faultClass}: in doubt, ${names.join(', ')}`;
    case 'not-run':
      return `${faultClass}: not run`;
  }
}

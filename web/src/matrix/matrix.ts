/**
 * The matrix as data: for each lock and fault class what the campaign found, read from the document
 * that `check --all --per-class --json` writes. A document of one lock is a matrix of one row.
 */
import type { AllReport, ClassReport, LockReport, PropertyReport } from '../../../src/report.js';
import { fields, flag, listOf, text, whole } from '../../../src/timeline/reading/shape.js';

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

/** As much of a report as the matrix reads. */
const reportShape = fields({
  algorithm: text,
  flawed: flag,
  'perClass?': listOf(
    fields({
      faultClass: text,
      runs: whole(0),
      properties: listOf(
        fields({
          property: text,
          verdict: text,
          'class?': text,
          'expected?': flag,
          'reason?': text,
          'counterexample?': fields({ replay: text, rows: whole(0) }),
        }),
      ),
    }),
  ),
});

/**
 * Reads such a document.
 *
 * @throws {Error} with a sentence that names the file and what it lacks.
 */
export function matrixOf(content: string, name: string): Matrix {
  const locks = locksIn(content, name);
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

function locksIn(content: string, name: string): readonly LockReport[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    throw new Error(`${name} is no JSON, or was cut short: write it again`);
  }
  const { locks, algorithm } = (parsed ?? {}) as Partial<AllReport & LockReport>;
  const isOfAll = Array.isArray(locks);
  if (!isOfAll && typeof algorithm !== 'string') {
    throw new Error(
      `${name} is no report: it has neither "locks" nor "algorithm"; write it with ` +
        '`npx holdfast check --all --per-class --json`',
    );
  }
  const wrong = isOfAll ? listOf(reportShape)(locks) : reportShape(parsed);
  if (wrong !== undefined) {
    throw new Error(`${name} is no whole report: ${isOfAll ? 'locks' : 'the report'}${wrong}`);
  }
  return isOfAll ? locks : [parsed as LockReport];
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

/** What a cell says, for who does not see its sign: breaks, claims and doubts apart. */
export function wordsOf({ faultClass, state, runs, found }: Cell): string {
  if (state === 'holds') return `${faultClass}: everything holds in ${runs} runs`;
  if (state === 'not-run') return `${faultClass}: not run`;
  const said = (['broken', 'claimed', 'unknown'] as const).flatMap((one) => {
    const names = found.filter((property) => stateOf([property]) === one).map(nameOf);
    return names.length === 0 ? [] : [`${SAID[one]}, ${names.join(', ')}`];
  });
  return `${faultClass}: ${said.join('; ')}`;
}

const SAID = { broken: 'broken', claimed: 'as claimed', unknown: 'in doubt' } as const;

function nameOf({ property, class: shown }: PropertyReport): string {
  return shown === undefined ? property : `${property} (${shown})`;
}

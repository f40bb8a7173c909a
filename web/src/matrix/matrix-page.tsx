/** Lock by fault class: what holds, what breaks as claimed, and the smallest run of every break. */
import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Commands } from '../parts/commands.js';
import { FileField } from '../parts/file-field.js';
import { addressOf } from '../state/route.js';
import { textBeside, textOf } from '../state/traces.js';
import './matrix.css';
import {
  type Cell,
  type CellState,
  type Matrix,
  type MatrixRow,
  matrixOf,
  wordsOf,
} from './matrix.js';

const SIGNS: Readonly<Record<CellState, string>> = {
  holds: '✓',
  claimed: '!',
  broken: '✗',
  unknown: '?',
  'not-run': '·',
};

const LEGEND: Readonly<Record<CellState, string>> = {
  holds: 'holds',
  claimed: 'breaks, as its author claims',
  broken: 'breaks a promise',
  unknown: 'in doubt',
  'not-run': 'not run',
};

const BESIDE = 'matrix.json';

/** What is shown stays while the reader looks at a run of it. */
const matrix = signal<Matrix | undefined>(undefined);
const chosen = signal<{ readonly lock: string; readonly cell: Cell } | undefined>(undefined);

export function MatrixPage() {
  const problem = useSignal<string | undefined>(undefined);
  /** Whether it is known that none came with the page. */
  const isWithout = useSignal(false);
  const open = async (name: string, text: Promise<string | undefined>) => {
    try {
      const read = await text;
      isWithout.value = read === undefined;
      if (read !== undefined) {
        matrix.value = matrixOf(read, name);
        chosen.value = undefined;
      }
      problem.value = undefined;
    } catch (error) {
      problem.value = (error as Error).message;
    }
  };
  useEffect(() => {
    if (matrix.value === undefined) void open(BESIDE, textBeside(BESIDE));
  }, []);
  return (
    <main class="matrix">
      <h2>Locks and fault classes</h2>
      <p>
        <FileField label="Open a report" open={(file) => void open(file.name, textOf(file))} />
      </p>
      {problem.value !== undefined && <p role="alert">{problem.value}</p>}
      {isWithout.value && matrix.value === undefined && <Without />}
      {matrix.value !== undefined && (
        <>
          <Legend />
          <Table matrix={matrix.value} choose={(lock, cell) => (chosen.value = { lock, cell })} />
          <section class="cell" aria-live="polite" aria-label="Chosen cell">
            {chosen.value !== undefined && <Details {...chosen.value} />}
          </section>
        </>
      )}
    </main>
  );
}

/** What the page is for, and how to come by what it shows. */
function Without() {
  return (
    <>
      <p>
        Each lock under each class of faults alone: what holds, what breaks as its author says, and
        what breaks a promise. Every break leads to its smallest run. For that the page needs a
        report, of all locks or of one:
      </p>
      <Commands
        lines={[
          'check --all --per-class --json > matrix.json',
          'check ./my-lock.ts --per-class --json > matrix.json',
        ]}
      />
      <p>
        With <code>--runs 100</code> it is sooner there, and finds less. Open the file here, or
        begin with it:
      </p>
      <Commands lines={['view --matrix matrix.json']} />
    </>
  );
}

function Legend() {
  return (
    <p class="legend">
      {(Object.keys(SIGNS) as CellState[]).map((state) => (
        <span key={state}>
          <b class={`sign ${state}`}>{SIGNS[state]}</b> {LEGEND[state]}
        </span>
      ))}
    </p>
  );
}

interface TableProps {
  readonly matrix: Matrix;
  readonly choose: (lock: string, cell: Cell) => void;
}

function Table({ matrix, choose }: TableProps) {
  const groups = [
    { name: 'Locks', rows: matrix.rows.filter(({ flawed }) => !flawed) },
    { name: 'Flawed on purpose', rows: matrix.rows.filter(({ flawed }) => flawed) },
  ].filter(({ rows }) => rows.length > 0);
  return (
    <section class="scroll" tabIndex={0} aria-label="Matrix">
      <table>
        <thead>
          <tr>
            <th scope="col">Lock</th>
            {matrix.faultClasses.map((faultClass) => (
              <th key={faultClass} scope="col" class="class">
                {faultClass}
              </th>
            ))}
          </tr>
        </thead>
        {groups.map(({ name, rows }) => (
          <tbody key={name}>
            <tr>
              <th class="group" scope="rowgroup" colSpan={matrix.faultClasses.length + 1}>
                {name}
              </th>
            </tr>
            {rows.map((row) => (
              <Row key={row.lock} row={row} choose={choose} />
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

function Row({ row, choose }: { readonly row: MatrixRow } & Pick<TableProps, 'choose'>) {
  return (
    <tr>
      <th scope="row">{row.lock}</th>
      {row.cells.map((cell) => {
        const sign = <b class={`sign ${cell.state}`}>{SIGNS[cell.state]}</b>;
        const words = `${row.lock}, ${wordsOf(cell)}`;
        const shown = () => choose(row.lock, cell);
        return (
          <td key={cell.faultClass}>
            {cell.replay === undefined ? (
              <span class="mark" role="img" aria-label={words} title={words}>
                {sign}
              </span>
            ) : (
              <a
                class="mark"
                href={addressOf('x', { run: cell.replay })}
                aria-label={words}
                title={words}
                onFocus={shown}
                onPointerEnter={shown}
              >
                {sign}
              </a>
            )}
          </td>
        );
      })}
    </tr>
  );
}

/** Every property that broke there, each with its smallest run. */
function Details({ lock, cell }: { readonly lock: string; readonly cell: Cell }) {
  return (
    <>
      <h3>
        {lock} under {cell.faultClass}
      </h3>
      <ul>
        {cell.found.map(({ property, class: shown, verdict, reason, counterexample }) => (
          <li key={property}>
            <b>{property}</b> {shown ?? verdict}
            {reason === undefined ? '' : `: ${reason}`}{' '}
            {counterexample !== undefined && (
              <a href={addressOf('x', { run: counterexample.replay })}>
                its smallest run, {counterexample.rows} rows
              </a>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

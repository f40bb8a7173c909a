/**
 * Where text goes and how it may look there: width, colour, and whether somebody is watching. All
 * that is printed is readable without colour; colour only helps the eye.
 */
import { styleText } from 'node:util';
import { printable } from '../printable.js';

/** What a command needs of a stream. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface Terminal {
  /** Columns to fill: those of the standard output within reason; 80 in a file or a pipe. */
  readonly columns: number;
  readonly colour: boolean;
  /** Whether the standard output is a terminal, and whether the error output is. */
  readonly interactive: boolean;
  readonly watched: boolean;
  /** Whether the standard output has got a line: of JSON documents it gets one. */
  readonly hasPrinted: boolean;
  /** A line to the standard output, or to the error output. */
  line(text?: string): void;
  /** Nobody obeys what control characters it has from outside. */
  note(text: string): void;
  /** Text to the error output as it is, without a line's end. */
  raw(text: string): void;
}

export type Style = Parameters<typeof styleText>[0];
/** Paints a text if the terminal takes colour. */
export type Paint = (style: Style, text: string) => string;

const DEFAULT_COLUMNS = 80;
const LEAST_COLUMNS = 40;
/** Longer lines are hard to read. */
const MOST_COLUMNS = 110;

type Environment = Readonly<Record<string, string | undefined>>;

export function createTerminal(stdout: Output, stderr: Output, env: Environment): Terminal {
  const interactive = stdout.isTTY === true;
  const wide = stdout.columns ?? DEFAULT_COLUMNS;
  const columns = Math.min(MOST_COLUMNS, Math.max(LEAST_COLUMNS, wide));
  let hasPrinted = false;
  return {
    columns,
    colour: wantsColour(interactive, env),
    interactive,
    watched: stderr.isTTY === true,
    get hasPrinted() {
      return hasPrinted;
    },
    line: (text = '') => {
      hasPrinted = true;
      stdout.write(`${text}\n`);
    },
    note: (text) => void stderr.write(`${printable(text)}\n`),
    raw: (text) => void stderr.write(text),
  };
}

/** `FORCE_COLOR` first, then `NO_COLOR` (no-color.org), then whether it is a terminal. */
function wantsColour(interactive: boolean, env: Environment): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  const refused = env['NO_COLOR'];
  if (refused !== undefined && refused !== '') return false;
  return interactive && env['TERM'] !== 'dumb';
}

export function painter({ colour }: Pick<Terminal, 'colour'>): Paint {
  if (!colour) return (_style, text) => text;
  return (style, text) => (text === '' ? '' : styleText(style, text, { validateStream: false }));
}

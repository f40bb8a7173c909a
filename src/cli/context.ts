/**
 * What a command line runs in: streams, environment, the engine, interruptions. Tests bring their
 * own.
 */
import type { Engine } from '../host/engine-api.js';
import type { Output, Terminal } from './terminal.js';

export interface CliContext {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds that only go on, for the pace of progress lines. */
  elapsedMs(): number;
  createEngine(): Promise<Engine>;
  /** How many campaigns of `check --all` run side by side, each in a thread of its own. */
  readonly campaignsAtOnce: number;
  /** Calls the listener at every interruption (Ctrl-C, SIGTERM); returns how to stop that. */
  onInterrupt(listener: () => void): () => void;
  /** Ends the process at once. */
  exitNow(code: number): void;
}

/** What every command gets. */
export interface Session extends CliContext {
  readonly terminal: Terminal;
}

/** Lends an engine, and closes it whatever happens. */
export function withEngine<T>(
  session: CliContext,
  body: (engine: Engine) => Promise<T>,
): Promise<T> {
  return withEngines(session, 1, ([engine]) => body(engine!));
}

/** Lends so many engines, and closes them whatever happens. */
export async function withEngines<T>(
  session: CliContext,
  count: number,
  body: (engines: readonly Engine[]) => Promise<T>,
): Promise<T> {
  const created = Array.from({ length: count }, () => session.createEngine());
  const engines = await Promise.all(created);
  try {
    return await body(engines);
  } finally {
    await Promise.all(engines.map((engine) => engine.close()));
  }
}

/** Runs the command line in this process, with streams that remember and an engine that is told. */
import type { CliContext } from '../../src/cli/context.js';
import { runCommandLine } from '../../src/cli/program.js';
import type { CheckRequest, Engine, ReplayRequest, RunRequest } from '../../src/host/engine-api.js';
import { UsageError } from '../../src/host/engine-api.js';
import type { Listing } from '../../src/host/listing.js';
import type { LockReport } from '../../src/report.js';
import { lockReport, runReport } from './reports.js';

export interface Heard {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What the engine was asked, in order. */
  readonly asked: readonly (CheckRequest | RunRequest | ReplayRequest | 'list')[];
  readonly closed: number;
}

export interface Setting {
  readonly engine?: Partial<Engine>;
  readonly columns?: number;
  readonly isTTY?: boolean;
  readonly errIsTTY?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Answers of the clock that paces progress lines, one after the other; then the last one. */
  readonly elapsedMs?: readonly number[];
  /** Receives what raises an interruption. */
  readonly interrupts?: (interrupt: () => void) => void;
  readonly exitNow?: (code: number) => void;
  /** Default 1. */
  readonly campaignsAtOnce?: number;
}

export const LISTED: Listing = {
  locks: [
    {
      name: 'set-nx',
      summary: 'One Redis key with a TTL, set if absent, deleted only by its owner.',
      flawed: false,
      services: { redis: 1 },
      claims: {},
    },
    {
      name: 'blind-delete',
      summary: 'One Redis key with a TTL, released by a plain DEL, whoever set it.',
      flawed: true,
      flaw: { property: 'mutual-exclusion', class: 'double-grant', faults: ['pause'], runs: 2_000 },
      services: { redis: 'servers' },
      claims: {},
    },
  ],
  workloads: [
    { name: 'critical-section', summary: 'reads, works, writes', forbids: [] },
    { name: 'leading', summary: 'leads', needs: 'renew', forbids: ['two-leaders'] },
  ],
  scenarios: [{ name: 'too-short', warns: 'It ends too early.', helps: 'Make it longer.' }],
};

/** An engine whose campaigns all end with this report, after the configuration was told. */
export function engineThat(report: LockReport): Pick<Engine, 'check'> {
  return {
    check: (_request, on) => {
      on.configuration(report.configuration);
      return Promise.resolve(report);
    },
  };
}

/** Writes down what an engine is asked, and how often it is closed. */
function remembering(
  engine: Engine,
  heard: { asked: Heard['asked'][number][]; closed: number },
): Engine {
  const ask = (request: Heard['asked'][number]) => void heard.asked.push(request);
  return {
    check: (request, on, stop) => {
      ask(request);
      return engine.check(request, on, stop);
    },
    run: (request) => {
      ask(request);
      return engine.run(request);
    },
    replay: (request) => {
      ask(request);
      return engine.replay(request);
    },
    list: () => {
      ask('list');
      return engine.list();
    },
    close: () => {
      heard.closed++;
      return engine.close();
    },
  };
}

const ANSWERS: Engine = {
  ...engineThat(lockReport()),
  run: () => Promise.resolve(runReport('pause inside the write')),
  replay: () => Promise.resolve(runReport('pause inside the write')),
  list: () => Promise.resolve(LISTED),
  close: () => Promise.resolve(),
};

export async function holdfast(argv: readonly string[], setting: Setting = {}): Promise<Heard> {
  const heard = { out: '', err: '', asked: [] as Heard['asked'][number][], closed: 0 };
  const times = [...(setting.elapsedMs ?? [0])];
  const listeners = new Set<() => void>();
  setting.interrupts?.(() => {
    for (const listener of listeners) listener();
  });
  const context: CliContext = {
    stdout: {
      write: (text) => {
        heard.out += text;
      },
      isTTY: setting.isTTY ?? false,
      columns: setting.columns,
    },
    stderr: {
      write: (text) => {
        heard.err += text;
      },
      isTTY: setting.errIsTTY ?? false,
    },
    env: setting.env ?? {},
    elapsedMs: () => (times.length > 1 ? times.shift()! : times[0]!),
    createEngine: async () => remembering({ ...ANSWERS, ...setting.engine }, heard),
    campaignsAtOnce: setting.campaignsAtOnce ?? 1,
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exitNow: setting.exitNow ?? (() => {}),
  };
  const code = await runCommandLine(argv, context);
  return { ...heard, code };
}

/** An engine that refuses what it is asked. */
export const refusing = (message: string): Partial<Engine> => ({
  check: () => Promise.reject(new UsageError(message)),
});

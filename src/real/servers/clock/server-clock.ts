/**
 * The wall clock of one real server, moved from here while it runs: a step, or a rate that is not
 * the machine's. What the server sees is written to a file that it has mapped (interposer.ts).
 */
import { execFile } from 'node:child_process';
import { chmod, open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { compile } from '../compile.js';
import { ServerTrouble } from '../trouble.js';
import { CLOCK_BYTES, CLOCK_VARIABLE, INTERPOSER_SOURCE, SLOT_OFFSETS } from './interposer.js';

/** How a clock differs from the machine's, from one instant on. */
export interface ClockSetting {
  /** How far ahead it is at that instant; negative: behind. */
  readonly offsetUs: number;
  /** How much faster it goes from then on, in millionths; negative: slower. 1,000,000 is double. */
  readonly ratePpm: number;
}

export interface ServerClock {
  /** What the server has to be started with. */
  readonly env: Readonly<Record<string, string>>;
  /** In force when it returns: the next look at the clock sees it. */
  set(setting: ClockSetting): Promise<void>;
  /** Moves it by so much, and leaves its rate as it is. */
  step(byUs: number): Promise<void>;
  /** Another rate from now on, without a jump. */
  setRate(ratePpm: number): Promise<void>;
  /** How far ahead of the machine's it is now. */
  offsetUs(): number;
}

/** How far a clock is moved to see that it moves: a day. */
const TRIED_US = 86_400_000_000;
const run = promisify(execFile);

/** The machine's wall clock, as exact as it goes here: to the millisecond. */
const nowUs = (): number => Date.now() * 1_000;

class FileClock implements ServerClock {
  readonly env: Readonly<Record<string, string>>;
  private setting: ClockSetting = { offsetUs: 0, ratePpm: 0 };
  private sinceUs = 0;
  private count = 0n;

  constructor(
    library: string,
    private readonly file: string,
  ) {
    this.env = { LD_PRELOAD: library, [CLOCK_VARIABLE]: file };
  }

  async set(setting: ClockSetting): Promise<void> {
    const [sinceUs, count] = [nowUs(), this.count + 1n];
    const slot = Buffer.alloc(24);
    const { offsetUs, ratePpm } = setting;
    for (const [at, value] of [offsetUs, ratePpm, sinceUs].entries()) {
      slot.writeBigInt64LE(BigInt(Math.round(value)), at * 8);
    }
    const counter = Buffer.alloc(8);
    counter.writeBigInt64LE(count);
    const handle = await open(this.file, 'r+');
    try {
      await handle.write(slot, 0, slot.length, SLOT_OFFSETS[Number(count & 1n)]);
      await handle.write(counter, 0, counter.length, 0);
    } finally {
      await handle.close();
    }
    [this.setting, this.sinceUs, this.count] = [setting, sinceUs, count];
  }

  step(byUs: number): Promise<void> {
    return this.set({ offsetUs: this.offsetUs() + byUs, ratePpm: this.setting.ratePpm });
  }

  setRate(ratePpm: number): Promise<void> {
    return this.set({ offsetUs: this.offsetUs(), ratePpm });
  }

  offsetUs(): number {
    const { offsetUs, ratePpm } = this.setting;
    return offsetUs + Math.round(((nowUs() - this.sinceUs) * ratePpm) / 1_000_000);
  }
}

/**
 * Compiles the interposer into a server's folder, and makes the clock that goes with it.
 *
 * @throws ServerTrouble without a C compiler.
 */
export async function openClock(folder: string): Promise<ServerClock> {
  const [source, library, file] = ['clock.c', 'clock.so', 'clock'].map((name) =>
    path.join(folder, name),
  );
  await writeFile(file!, Buffer.alloc(CLOCK_BYTES));
  await compile('the clock of a server cannot be moved', {
    source: source!,
    made: library!,
    text: INTERPOSER_SOURCE,
    args: ['-shared', '-fPIC'],
  });
  // Whoever runs the server reads both.
  for (const readable of [library!, file!]) await chmod(readable, 0o644);
  const clock = new FileClock(library!, file!);
  await tryOut(clock);
  return clock;
}

/** One that the loader leaves out, from a folder without execution say, would move nothing. */
async function tryOut(clock: FileClock): Promise<void> {
  const [ahead, none] = [
    { offsetUs: TRIED_US, ratePpm: 0 },
    { offsetUs: 0, ratePpm: 0 },
  ];
  await clock.set(ahead);
  const { stdout } = await run('date', ['+%s'], { env: { ...process.env, ...clock.env } });
  await clock.set(none);
  const movedUs = Number(stdout) * 1_000_000 - nowUs();
  if (Math.abs(movedUs - TRIED_US) < TRIED_US / 2) return;
  throw new ServerTrouble(
    `the clock of a server cannot be moved: ${clock.env['LD_PRELOAD']} is not loaded into a ` +
      'program; set TMPDIR to a folder that is not mounted with noexec',
  );
}

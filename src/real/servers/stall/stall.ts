/**
 * The disk of one real server, which hangs for a while: its log is not written out, and whoever
 * waits for that waits on; the rest of the server goes on and answers.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { compile } from '../compile.js';
import { ServerTrouble } from '../trouble.js';
import { HOLDS, TRACER_SOURCE, TRACES } from './tracer.js';

const CANNOT = 'the disk of a server cannot be made to hang';
/** How long it may take until it hangs. */
const LIMIT_MS = 5_000;

/** A disk that can hang. */
export class Disk {
  private readonly tracer: string;
  private child: ChildProcess | undefined;

  private constructor(
    folder: string,
    /** What the names of its logs contain. */
    private readonly logs: string,
  ) {
    this.tracer = path.join(folder, 'tracer');
  }

  /**
   * Compiles what is needed into a server's folder; nothing hangs yet.
   *
   * @throws ServerTrouble without a C compiler.
   */
  static async open(folder: string, logs: string): Promise<Disk> {
    const disk = new Disk(folder, logs);
    const source = `${disk.tracer}.c`;
    await compile(CANNOT, { source, made: disk.tracer, text: TRACER_SOURCE });
    return disk;
  }

  /**
   * Hangs from the first write to a log on; `write` makes one, so that it is now.
   *
   * @throws ServerTrouble where one process may not trace another.
   */
  async hang(pid: number, write: () => void): Promise<void> {
    const child = spawn(this.tracer, [String(pid), this.logs], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    let complaint = '';
    child.stderr.on('data', (bytes: Buffer) => {
      complaint += bytes;
    });
    const lines = createInterface(child.stdout);
    const said = (word: string) =>
      new Promise<void>((resolve, reject) => {
        lines.on('line', (line) => line === word && resolve());
        const failed = () => reject(new ServerTrouble(`${CANNOT}: ${complaint.trim()}`));
        child.once('error', failed).once('exit', failed);
      });
    const [traces, holds] = [said(TRACES), said(HOLDS)];
    holds.catch(() => {});
    await Promise.race([traces, late('it is not traced')]);
    write();
    await Promise.race([holds, late('it writes no log')]);
  }

  /** It goes on: what waited for it is done now. */
  resume(): void {
    this.child?.removeAllListeners('exit').kill('SIGKILL');
    this.child = undefined;
  }
}

async function late(what: string): Promise<never> {
  await pause(LIMIT_MS, undefined, { ref: false });
  throw new ServerTrouble(`${CANNOT}: ${what} after ${LIMIT_MS} ms`);
}

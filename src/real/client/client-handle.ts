/**
 * A client process as seen by who runs it: starts it, hears what it says, stops and continues it,
 * ends it. It dies with its starter, however that ends, also while it is stopped.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NoVerdict } from '../../host/engine-api.js';
import { whenLeaving } from '../servers/leaving.js';
import type { ClientJob, ClientLine, ControlMessage } from './job.js';
import { JOURNAL_FD, JournalReader } from './journal.js';

const SOURCE = fileURLToPath(new URL('./main.js', import.meta.url));
/** A process that is stopped cannot notice that its starter is gone: the kernel ends it then. */
const SETPRIV = '/usr/bin/setpriv';
const WITH_PARENT = [SETPRIV, '--pdeathsig', 'KILL'];
/** Longer than any machine needs to start a dozen processes at once. */
const START_LIMIT_MS = 60_000;
/** Longer than a process needs to come to its next event. */
const LEAVING_LIMIT_MS = 2_000;

/** The process of a client ended before it was ready. */
export class ClientGone extends NoVerdict {}

export class ClientHandle {
  private readonly child: ChildProcess;
  private readonly gone: Promise<void>;
  private stderr = '';

  private constructor(
    readonly job: ClientJob,
    private readonly hear: (line: ClientLine) => void,
  ) {
    const command = [process.execPath, ...process.execArgv, SOURCE];
    const [file, ...args] = existsSync(SETPRIV) ? [...WITH_PARENT, ...command] : command;
    // Its own session: Ctrl-C at a terminal, or the limit of `timeout`, is for the tool alone,
    // which lets its clients say what they did before they end.
    this.child = spawn(file!, args, {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'ipc'],
    });
    const stay = whenLeaving(() => this.child.kill('SIGKILL'));
    void this.child.once('exit', stay);
    this.child.stderr?.on('data', (chunk) => {
      this.stderr = `${this.stderr}${chunk}`.slice(-2_000);
    });
    // When all that it said has been heard as well.
    this.gone = new Promise((resolve) => {
      this.child.once('close', () => resolve());
    });
    this.child.on('error', () => {});
  }

  /**
   * Starts a client that has loaded its lock and waits for `start`.
   *
   * @throws ClientGone, or NoVerdict, if it does not come so far: its lock may have ended it.
   */
  static async start(job: ClientJob, hear: (line: ClientLine) => void): Promise<ClientHandle> {
    let ready: () => void = () => {};
    const isReady = new Promise<void>((resolve) => {
      ready = resolve;
    });
    let found = '';
    const handle = new ClientHandle(job, (line) => {
      if (line.line === 'ready') return ready();
      if (line.line === 'found') found ||= line.message;
      hear(line);
    });
    handle.listen();
    handle.child.send(job);
    const decided = new AbortController();
    const late = pause(START_LIMIT_MS, 'late' as const, { signal: decided.signal, ref: false });
    const outcome = await Promise.race([
      isReady,
      handle.gone.then(() => 'gone' as const),
      late.catch(() => undefined),
    ]);
    // Nothing of a run is kept by a timer.
    decided.abort();
    if (outcome === undefined) return handle;
    const { exitCode, signalCode } = handle.child;
    const how = signalCode ?? `exit code ${exitCode}`;
    const why =
      outcome === 'gone' ? `ended (${how})` : `was not ready within ${START_LIMIT_MS / 1_000} s`;
    await handle.end();
    const error = errorIn(found) ?? errorIn(handle.stderr) ?? handle.stderr.trim();
    const words = error === '' ? '' : `: ${error}`;
    const message = `the process of client ${job.client} ${why}${words}`;
    throw outcome === 'gone' ? new ClientGone(message) : new NoVerdict(message);
  }

  private listen(): void {
    const journal = this.child.stdio[JOURNAL_FD] as Readable;
    journal.on('error', () => {});
    const reader = new JournalReader(this.hear);
    journal.on('data', (chunk: Buffer) => reader.read(chunk));
  }

  tell(message: ControlMessage): void {
    if (this.child.connected) this.child.send(message, () => {});
  }

  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** It says all that it did, and ends; at once if it cannot. */
  async leave(): Promise<void> {
    this.tell({ go: 'exit' });
    await this.isOver(LEAVING_LIMIT_MS);
    await this.end();
  }

  /** Whether it has ended, and all that it said has been heard, within that time. */
  async isOver(limitMs: number): Promise<boolean> {
    const decided = new AbortController();
    const late = pause(limitMs, false, { signal: decided.signal }).catch(() => false);
    const isOver = await Promise.race([this.gone.then(() => true), late]);
    decided.abort();
    return isOver;
  }

  /** Ends it at once, as a crash does. */
  async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.gone;
  }
}

/** What a text with the stack of an error says of it, without where that was. */
function errorIn(text: string): string | undefined {
  const line = text.split('\n').find((one) => /^\w*(?:Error|Exception)\b.*: /.test(one));
  return line?.replace(/^UsageError: /, '');
}

/**
 * What all servers that are started here have in common: a folder of their own under the system's
 * temporary one, a record before they run, a port on loopback, and an end in any case. A kind of
 * server says how it is prepared, how it is called, and when it answers.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, closeSync, openSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { HostId } from '../../fault.js';
import type { Service } from '../../service.js';
import { LOOPBACK } from '../loopback.js';
import { whenLeaving } from './leaving.js';
import { identityIn, isAlive, listensOn, type ProcessIdentity } from './process-identity.js';
import type { RealServer, ServerEntry, ServerKind } from './server.js';
import { freezeFamily, killFamily, thawFamily } from './signals.js';
import {
  logFile,
  makeFolder,
  newPlace,
  ourselves,
  processFile,
  remove,
  removeOrphans,
  type ServerRecord,
  writeRecord,
} from './state.js';
import { PortTaken, ServerTrouble } from './trouble.js';

/** A program with its arguments. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Who runs a program: a user and a group, by number. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Some servers refuse to run as root; `nobody` has these numbers wherever there is one. */
const NOBODY: Account = { uid: 65_534, gid: 65_534 };

const ourUser = (): number => process.getuid?.() ?? 0;

/** For a server that does not run as root. */
export const withoutRights = (): Account | undefined => (ourUser() === 0 ? NOBODY : undefined);

/** It writes down which process it is and then becomes the program: pid and start stay. */
const BECOME = `read -r line </proc/$$/stat && printf '%s\\n' "$line" >"$0" && exec "$@"`;

const READY_LIMIT_MS = 30_000;
const READY_POLL_MS = 5;
/** How long a restart waits for its port, if somebody has it meanwhile. */
const PORT_LIMIT_MS = 2_000;
const TAKEN = /address already in use|BindException|could not bind|Failed listening on port/i;
const LOG_LINES = 3;

/** What the folders and records of servers are made from. */
export interface Identity {
  readonly kind: ServerKind;
  readonly service: Service;
  readonly id: HostId;
  readonly version: string;
  readonly port: number;
}

export abstract class ServerProcess implements RealServer {
  readonly host = LOOPBACK;
  readonly kind: ServerKind;
  readonly service: Service;
  readonly id: HostId;
  readonly version: string;
  readonly port: number;
  /** Gone after `stop`. */
  readonly folder: string;
  private readonly recordFile: string;
  private child: ChildProcess | undefined;
  private identity: ProcessIdentity | undefined;
  private stopped = false;
  private stay: () => void = () => {};

  constructor({ kind, service, id, version, port }: Identity) {
    [this.kind, this.service, this.id, this.version] = [kind, service, id, version];
    this.port = port;
    ({ folder: this.folder, recordFile: this.recordFile } = newPlace());
  }

  abstract readonly url: string;
  /** Who runs it, if not the user of this process. */
  protected readonly account: Account | undefined = undefined;
  /** Once, when the folder is there. */
  protected abstract prepare(): Promise<void>;
  protected abstract command(): Command;
  /** Whether it serves; it listens already. A rejection means not yet. */
  protected abstract answers(): Promise<boolean>;

  get pid(): number | undefined {
    return this.identity !== undefined && isAlive(this.identity) ? this.identity.pid : undefined;
  }

  /**
   * The first start, with all that comes before it; whatever fails, nothing stays.
   *
   * @throws PortTaken if another program has one of its ports by now.
   */
  async open(): Promise<this> {
    removeOrphans();
    writeRecord(this.recordFile, this.record(ourselves()));
    this.stay = whenLeaving(() => remove(this.recordFile, this.record(null)));
    try {
      makeFolder(this.folder);
      this.give(this.folder);
      await this.prepare();
      await this.run();
    } catch (error) {
      await this.stop();
      throw error;
    }
    return this;
  }

  freeze(): void {
    if (this.identity !== undefined) freezeFamily(this.identity);
  }

  thaw(): void {
    if (this.identity !== undefined) thawFamily(this.identity);
  }

  async kill(): Promise<void> {
    const { identity, child } = this;
    [this.identity, this.child] = [undefined, undefined];
    if (identity !== undefined && !killFamily(identity)) {
      throw new ServerTrouble(`${this.id} (pid ${identity.pid}) does not end, not by SIGKILL`);
    }
    if (child === undefined || hasEnded(child)) return;
    child.ref();
    // Who has not said yet which process it is has no family either.
    if (identity === undefined) child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  }

  async start(): Promise<void> {
    if (this.pid !== undefined) return;
    const end = performance.now() + PORT_LIMIT_MS;
    for (;;) {
      if (this.stopped)
        throw new ServerTrouble(`${this.id} was stopped for good; start another one`);
      try {
        return await this.run();
      } catch (error) {
        await this.kill();
        if (!(error instanceof PortTaken) || performance.now() > end) throw error;
        await pause(READY_POLL_MS);
      }
    }
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    await this.kill();
    remove(this.recordFile, this.record(null));
    this.stay();
  }

  leaveRunning(): void {
    writeRecord(this.recordFile, this.record(null));
    this.stay();
  }

  /** A file or folder of ours becomes that of whoever runs the server. */
  protected give(file: string): void {
    if (this.account === undefined) return;
    chownSync(file, this.account.uid, this.account.gid);
    chmodSync(file, 0o700);
  }

  /** The same program, which says first which process it is: whoever cleans up ends it then. */
  protected known(file: string, args: readonly string[]): { file: string; args: string[] } {
    return { file: '/bin/sh', args: ['-c', BECOME, processFile(this.folder), file, ...args] };
  }

  private record(owner: ProcessIdentity | null): ServerRecord {
    const { kind, id, host, port, url, version, folder } = this;
    const entry: ServerEntry = { kind, id, host, port, url, version };
    return { entry, folder, user: this.account?.uid ?? ourUser(), owner };
  }

  private async run(): Promise<void> {
    const child = this.spawn();
    const end = performance.now() + READY_LIMIT_MS;
    while (performance.now() < end) {
      if (hasEnded(child)) throw await this.failed();
      this.identity ??= identityIn(processFile(this.folder));
      if (this.identity !== undefined && listensOn(this.identity.pid, this.port)) {
        if (await this.answers().catch(() => false)) return;
      }
      await pause(READY_POLL_MS);
    }
    throw new ServerTrouble(
      `${this.id} runs, but did not answer on port ${this.port} within ${READY_LIMIT_MS} ms; its ` +
        `log ends: ${await this.logEnd()}`,
    );
  }

  private spawn(): ChildProcess {
    const { file, args, env } = this.command();
    const own = processFile(this.folder);
    this.identity = undefined;
    rmSync(own, { force: true });
    const log = openSync(logFile(this.folder), 'w', 0o600);
    // Its own session: what a terminal sends to the tool alone must not end the server too.
    const known = this.known(file, args);
    const child = spawn(known.file, known.args, {
      cwd: this.folder,
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...plainEnvironment(this.folder), ...env },
      ...this.account,
    });
    closeSync(log);
    child.unref();
    this.child = child;
    return child;
  }

  private async failed(): Promise<ServerTrouble> {
    const log = await readFile(logFile(this.folder), 'utf8').catch(() => '');
    if (TAKEN.test(log)) {
      return new PortTaken(`${this.id} cannot listen on port ${this.port}: another program does`);
    }
    return new ServerTrouble(`${this.id} did not start; its log ends: ${await this.logEnd()}`);
  }

  private async logEnd(): Promise<string> {
    const log = await readFile(logFile(this.folder), 'utf8').catch(() => '');
    const lines = log.trim().split('\n').slice(-LOG_LINES);
    return lines.join(' / ') || '(it is empty)';
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** What a program sees of our environment: nothing that could configure it. */
export function plainEnvironment(home: string): Record<string, string> {
  return { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, HOME: home, LC_ALL: 'C' };
}

/** Opens servers that answer only when the others run too; if one fails, none stays. */
export async function openTogether(servers: readonly ServerProcess[]): Promise<void> {
  const opened = await Promise.allSettled(servers.map((server) => server.open()));
  const failed = opened.find((one) => one.status === 'rejected');
  if (failed === undefined) return;
  for (const server of servers) await server.stop();
  throw failed.reason;
}

/**
 * Real etcd servers of one's own: on free loopback ports, in a temporary folder, and gone at the
 * end whatever happens.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rpc } from './rpc.js';
import { STATUS } from './schema.js';

const MEMBER_NAMES = ['m1', 'm2', 'm3'];
const READY_POLL_MS = 25;
const READY_POLLS = 800;

export const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, durationMs));

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** `etcd 3.4.23`, from the program itself. */
export function etcdVersion(): string {
  const output = execFileSync('etcd', ['--version'], { encoding: 'utf8' });
  return `etcd ${/etcd Version: (\S+)/.exec(output)?.[1] ?? 'unknown'}`;
}

/** One member: a program that can be killed, stopped for a while, and started again. */
export class Member {
  private program: ChildProcess | undefined;

  constructor(
    readonly name: string,
    readonly port: number,
    private readonly peerPort: number,
    private readonly folder: string,
    private readonly initialCluster: () => string,
  ) {}

  get peer(): string {
    return `${this.name}=http://127.0.0.1:${this.peerPort}`;
  }

  start(): void {
    const client = `http://127.0.0.1:${this.port}`;
    const peer = `http://127.0.0.1:${this.peerPort}`;
    const options = {
      name: this.name,
      'data-dir': join(this.folder, this.name),
      'listen-client-urls': client,
      'advertise-client-urls': client,
      'listen-peer-urls': peer,
      'initial-advertise-peer-urls': peer,
      'initial-cluster': this.initialCluster(),
      'log-level': 'panic',
      logger: 'zap',
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    this.program = spawn('etcd', args, { stdio: 'ignore' });
  }

  /** Waits until the member answers and knows a leader. */
  async ready(): Promise<void> {
    for (let poll = 0; poll < READY_POLLS; poll++) {
      const rpc = new Rpc(this.port);
      try {
        const { leader } = await rpc.call(STATUS, {});
        if (leader !== 0) return;
      } catch {
        // Not listening yet.
      } finally {
        rpc.close();
      }
      await pause(READY_POLL_MS);
    }
    throw new Error(`etcd on port ${this.port} did not get ready`);
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.program?.kill(name);
  }

  async kill(): Promise<void> {
    const { program } = this;
    this.program = undefined;
    if (program === undefined || program.exitCode !== null) return;
    const gone = new Promise((resolve) => program.once('exit', resolve));
    program.kill('SIGKILL');
    await gone;
  }

  killNow(): void {
    this.program?.kill('SIGKILL');
  }
}

/** Starts a cluster of so many members, hands it to `use`, and stops it. */
export async function withEtcd<T>(
  size: 1 | 3,
  use: (members: readonly Member[]) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-record-etcd-'));
  const members: Member[] = [];
  const initialCluster = () => members.map(({ peer }) => peer).join(',');
  for (const name of MEMBER_NAMES.slice(0, size)) {
    const [port, peerPort] = [await freePort(), await freePort()];
    members.push(new Member(name, port, peerPort, folder, initialCluster));
  }
  const abandon = () => {
    for (const member of members) member.killNow();
    rmSync(folder, { recursive: true, force: true });
  };
  const leave = () => process.exit(130);
  process.once('exit', abandon);
  process.once('SIGINT', leave);
  try {
    for (const member of members) member.start();
    await Promise.all(members.map((member) => member.ready()));
    return await use(members);
  } finally {
    process.off('exit', abandon);
    process.off('SIGINT', leave);
    await Promise.all(members.map((member) => member.kill()));
    rmSync(folder, { recursive: true, force: true });
  }
}

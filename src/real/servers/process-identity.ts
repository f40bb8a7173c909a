/**
 * Processes that cannot be mistaken: a pid is given to somebody else once its process is gone, a
 * pid with the instant its process began is not (Linux, proc(5): `/proc/<pid>/stat`, fields 3, 4
 * and 22). Without it a tool that cleans up could end a stranger's process.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock steps since the boot, as the kernel writes them. */
  readonly startedAt: string;
  /** Which boot: after another one the same numbers mean another process. */
  readonly boot: string;
}

interface Stat {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly startedAt: string;
}

/** A line of `/proc/<pid>/stat`; the name in it may hold spaces and brackets. */
function parseStat(line: string): Stat | undefined {
  const end = line.lastIndexOf(')');
  const rest = line.slice(end + 2).split(' ');
  const [pid, startedAt] = [Number.parseInt(line, 10), rest[19]];
  if (end < 0 || !Number.isInteger(pid) || startedAt === undefined) return undefined;
  return { pid, state: rest[0]!, parent: Number(rest[1]), startedAt };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function statOf(pid: number): Stat | undefined {
  const line = read(`/proc/${pid}/stat`);
  return line === undefined ? undefined : parseStat(line);
}

const boot = (): string => read('/proc/sys/kernel/random/boot_id')?.trim() ?? '';

/** Of a process that is there; `undefined` if it is not. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const stat = statOf(pid);
  return stat && { pid, startedAt: stat.startedAt, boot: boot() };
}

/** What a process wrote down of itself: a copy of its `/proc/self/stat`, from this boot. */
export function identityIn(file: string): ProcessIdentity | undefined {
  const line = read(file);
  const stat = line === undefined ? undefined : parseStat(line);
  return stat && { pid: stat.pid, startedAt: stat.startedAt, boot: boot() };
}

/** Whether exactly this process is there; one that is dead and only not yet fetched is not. */
export function isAlive({ pid, startedAt, boot: itsBoot }: ProcessIdentity): boolean {
  const stat = statOf(pid);
  if (stat === undefined || stat.startedAt !== startedAt || itsBoot !== boot()) return false;
  return stat.state !== 'Z' && stat.state !== 'X';
}

/** Whether it is stopped by a signal. */
export function isStopped(pid: number): boolean {
  return statOf(pid)?.state === 'T';
}

/** The user that it runs as; `undefined` if it is gone. */
export function userOf(pid: number): number | undefined {
  const user = /^Uid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return user === undefined ? undefined : Number(user);
}

/** A process and all that came of it, itself first. */
export function familyOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(Number(name));
    if (stat === undefined) continue;
    const known = children.get(stat.parent);
    if (known === undefined) children.set(stat.parent, [stat.pid]);
    else known.push(stat.pid);
  }
  const family = [pid];
  for (const member of family) family.push(...(children.get(member) ?? []));
  return family;
}

/** State of a socket in `/proc/net/tcp`. */
const LISTENING = '0A';

/**
 * Whether a process listens on a TCP port, so that an answer there is its answer. The tables of all
 * sockets take the kernel milliseconds each: they are read for who has a socket, one if it will do.
 */
export function listensOn(pid: number, port: number): boolean {
  const sockets = socketsOf(pid);
  if (sockets.size === 0) return false;
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return ['tcp', 'tcp6'].some((table) =>
    (read(`/proc/net/${table}`) ?? '').split('\n').some((line) => {
      const [, address, , state, , , , , , inode] = line.trim().split(/\s+/);
      const listens = state === LISTENING && address?.endsWith(local) === true;
      return listens && sockets.has(`socket:[${inode}]`);
    }),
  );
}

/** What the kernel calls the sockets of a process; none if it is gone. */
function socketsOf(pid: number): Set<string> {
  try {
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(pid, fd));
    return new Set(links.filter((link) => link.startsWith('socket:')));
  } catch {
    return new Set();
  }
}

function linkOf(pid: number, fd: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    return '';
  }
}

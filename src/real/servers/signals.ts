/**
 * Signals to a server with all its processes: PostgreSQL is one for each connection, and each is
 * the leader of a group of its own. They stop the first one before the others are counted, so that
 * none is born in between.
 */
import {
  familyOf,
  identityOf,
  isAlive,
  isStopped,
  type ProcessIdentity,
} from './process-identity.js';

const PAUSE_MS = 1;
/** The kernel stops or ends a process within microseconds, a busy machine within milliseconds. */
const LIMIT_MS = 5_000;

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Blocks this process for as long as something is not so; answers whether it became so. */
function wait(isSo: () => boolean): boolean {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const end = performance.now() + LIMIT_MS;
  while (!isSo()) {
    if (performance.now() > end) return false;
    Atomics.wait(cell, 0, 0, PAUSE_MS);
  }
  return true;
}

function isGone(pid: number): boolean {
  const identity = identityOf(pid);
  return identity === undefined || !isAlive(identity);
}

/** From the return on none of its processes runs; answers their pids, the first one's first. */
export function freezeFamily(first: ProcessIdentity): number[] {
  if (!isAlive(first)) return [];
  send(first.pid, 'SIGSTOP');
  wait(() => isStopped(first.pid) || !isAlive(first));
  const family = familyOf(first.pid);
  for (const pid of family.slice(1)) send(pid, 'SIGSTOP');
  wait(() => family.every((pid) => isStopped(pid) || isGone(pid)));
  return family;
}

/** Lets them go on, the first one last: it must not find its children asleep. */
export function thawFamily(first: ProcessIdentity): void {
  if (!isAlive(first)) return;
  for (const pid of familyOf(first.pid).reverse()) send(pid, 'SIGCONT');
}

/**
 * Ends all its processes, frozen or not; from the return on they are gone. Answers false if they
 * are not within the limit.
 */
export function killFamily(first: ProcessIdentity): boolean {
  const family = freezeFamily(first);
  const members = family.flatMap((pid) => identityOf(pid) ?? []);
  for (const pid of family) send(pid, 'SIGKILL');
  return wait(() => members.every((member) => !isAlive(member)));
}

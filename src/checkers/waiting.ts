/**
 * Why an acquire waits too long (docs/semantics.md, R10, kinds 2 and 4): the key was free and
 * nobody was given it, or the waits go round in a circle. Looked at only when a call is overdue.
 */
import type { HostId } from '../fault.js';
import { overAt } from './holding.js';
import type { LeaseChain } from './lease-chains.js';
import { type Call, type Grant, type HistoryIndex, NONE } from './sections.js';

/** From `fromUs` on the key has so many more (or fewer) servers in somebody's hands. */
interface Change {
  readonly atUs: number;
  readonly servers: number;
}

/**
 * Whether the key of an overdue acquire was free for longer than the bound while it waited, from
 * `fromUs` on. A key is taken while a client holds it, and while leases that nobody stands behind
 * leave no quorum of servers to anybody else. A grant ends the free time; leases of acquires that
 * are still under way do not, so waiters that keep out each other (livelock) count as waiting for a
 * free key.
 */
export function nobodyGranted(
  index: HistoryIndex,
  chains: readonly LeaseChain[],
  call: Call,
  fromUs: number,
  boundUs: number,
): boolean {
  const { key, action } = call.invocation;
  if (action !== 'acquire') return false;
  const { servers } = index.history.world;
  const untilUs = call.completion?.atUs ?? index.history.endUs;
  const most = servers.length - index.quorum;
  const changes = [...held(index, key), ...abandoned(index, chains, key)];
  changes.sort((a, b) => a.atUs - b.atUs);
  let taken = 0;
  let freeSinceUs = fromUs;
  for (const { atUs, servers: by } of changes) {
    const wasFree = taken <= most;
    taken += by;
    if (wasFree && Math.min(atUs, untilUs) - freeSinceUs > boundUs) return true;
    if (!wasFree) freeSinceUs = Math.max(atUs, fromUs);
  }
  const freeUs = untilUs - freeSinceUs;
  return taken <= most && (call.completion === undefined ? freeUs >= boundUs : freeUs > boundUs);
}

/** A client that was granted the key has it until its grant is over. */
function* held(index: HistoryIndex, key: string): Iterable<Change> {
  const servers = index.history.world.servers.length;
  for (const grant of index.grants) {
    const { completion } = grant.acquire;
    if (completion?.type !== 'ok' || grant.key !== key) continue;
    yield { atUs: completion.atUs, servers };
    const over = overAt(index, grant);
    if (over !== NONE) yield { atUs: index.records[over]!.atUs, servers: -servers };
  }
}

/** A lease takes its server until it ends, also when its grant is over. */
function* abandoned(
  index: HistoryIndex,
  chains: readonly LeaseChain[],
  key: string,
): Iterable<Change> {
  for (const { leases, closed } of chains) {
    const { record, grant } = leases[0]!;
    if (record.key !== key) continue;
    const over = grant === undefined ? leases[0]!.applied : overAt(index, grant);
    if (over === NONE) continue;
    const fromUs = Math.max(record.atUs, index.records[over]!.atUs);
    const untilUs = closed === NONE ? Infinity : index.records[closed]!.atUs;
    if (untilUs <= fromUs) continue;
    yield { atUs: fromUs, servers: 1 };
    yield { atUs: untilUs, servers: -1 };
  }
}

/**
 * The clients whose waits form a circle at the end of the history, if a client waits, directly or
 * not, for one of them: each waits for a key that the next one holds. A client that waits for a key
 * it holds itself is a circle of one. Shared holders do not keep shared waiters out.
 */
export function waitCycle(index: HistoryIndex, from: HostId): HostId[] | undefined {
  const live = index.grants.filter((grant) => overAt(index, grant) === NONE);
  const waits = live.filter(({ acquire }) => acquire.completion === undefined);
  const holders = live.filter(({ acquire }) => acquire.completion !== undefined);
  const path: HostId[] = [];
  const done = new Set<HostId>();
  const follow = (client: HostId): HostId[] | undefined => {
    const met = path.indexOf(client);
    if (met >= 0) return path.slice(met);
    if (done.has(client)) return undefined;
    path.push(client);
    for (const wait of waits) {
      if (wait.client !== client) continue;
      for (const holder of holders) {
        const cycle = excludes(wait, holder) ? follow(holder.client) : undefined;
        if (cycle !== undefined) return cycle;
      }
    }
    path.pop();
    done.add(client);
    return undefined;
  };
  return follow(from);
}

function excludes(wait: Grant, holder: Grant): boolean {
  return wait.key === holder.key && (wait.mode === 'exclusive' || holder.mode === 'exclusive');
}

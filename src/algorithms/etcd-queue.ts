/**
 * The queue of etcd's `Mutex`: keys under one prefix, each attached to the lease of its session,
 * served by create revision; who waits watches the key just before its own (etcd-io/etcd:
 * client/v3/concurrency/mutex.go, key.go).
 */
import { CallTimeout } from './environment.js';
import { EtcdError, type EtcdKeyValue, type EtcdWatch } from './etcd.js';
import { type Context, isUnavailable } from './etcd-calls.js';

/** How long the client waits before it opens a lost stream of watches again (`watch.go`). */
const REOPEN_MS = 100;

/** A place in the queue. */
export interface Place {
  readonly key: string;
  /** Its create revision. */
  readonly revision: number;
  /** Whether it is the first: the lock is ours. */
  readonly first: boolean;
}

/** `tryAcquire`: takes a place, and learns in the same request who holds the lock. */
export async function enqueue(context: Context, lock: string, lease: number): Promise<Place> {
  const prefix = `${lock}/`;
  const key = `${prefix}${lease.toString(16)}`;
  const first = { type: 'range', key: prefix, rangeEnd: endOf(prefix), limit: 1 } as const;
  const owner = { ...first, sortOrder: 'ascend', sortTarget: 'create' } as const;
  const answer = await context.connection.txn({
    compare: [{ target: 'create', key, result: 'equal', operand: 0 }],
    success: [{ type: 'put', key, value: '', lease }, owner],
    failure: [{ type: 'range', key }, owner],
  });
  const [own, holder] = answer.responses;
  const known = own?.type === 'range' ? own.kvs[0]?.createRevision : undefined;
  const revision = known ?? answer.revision;
  const held = holder?.type === 'range' ? holder.kvs[0]?.createRevision : undefined;
  return { key, revision, first: held === undefined || held === revision };
}

/**
 * Takes a place with a value, as `Election` does and `Mutex` did before it asked for the holder:
 * whether it is the first is found out by waiting.
 */
export async function enqueueBlindly(
  context: Context,
  lock: string,
  lease: number,
  value: string,
): Promise<Place> {
  const key = `${lock}/${lease.toString(16)}`;
  const { revision, responses } = await context.connection.txn({
    compare: [{ target: 'create', key, result: 'equal', operand: 0 }],
    success: [{ type: 'put', key, value, lease }],
    failure: [{ type: 'range', key }],
  });
  const [own] = responses;
  const known = own?.type === 'range' ? own.kvs[0]?.createRevision : undefined;
  return { key, revision: known ?? revision, first: false };
}

/** `WithPrefix`: the keys that begin with this. */
function endOf(prefix: string): string {
  const last = prefix.length - 1;
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1);
}

/** `waitDeletes`: returns when no key of the prefix is older than that place. */
export async function waitForTurn(
  context: Context,
  prefix: string,
  place: Place,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (;;) {
    const { predecessor, revision } = await lookBefore(context, prefix, place);
    if (predecessor === undefined) return;
    await deletionOf(context, predecessor.key, revision, signal);
  }
}

/** The youngest key of the prefix that is older than that place, as of a revision. */
export async function lookBefore(
  context: Context,
  prefix: string,
  place: Place,
): Promise<{ predecessor: EtcdKeyValue | undefined; revision: number }> {
  const { kvs, revision } = await context.repeat((etcd) =>
    etcd.range(prefix, {
      rangeEnd: endOf(prefix),
      limit: 1,
      sortOrder: 'descend',
      sortTarget: 'create',
      maxCreateRevision: place.revision - 1,
    }),
  );
  return { predecessor: kvs[0], revision };
}

/** `waitDelete`: returns when a key was deleted at that revision or later. */
async function deletionOf(
  context: Context,
  key: string,
  revision: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const since = { revision };
  for (;;) {
    const how = await watchOnce(context, key, since, signal);
    if (how === 'deleted') return;
    if (how === 'compacted') throw new EtcdError('OutOfRange', COMPACTED);
    if (how === 'over') throw new CallTimeout(0);
    await context.environment.sleep(REOPEN_MS);
  }
}

const COMPACTED = 'etcdserver: mvcc: required revision has been compacted';

type WatchEnd = 'deleted' | 'lost' | 'compacted' | 'over';

/** One watch: until the key is deleted, the watch is lost, or nobody wants to wait any more. */
function watchOnce(
  context: Context,
  key: string,
  since: { revision: number },
  signal: AbortSignal | undefined,
): Promise<WatchEnd> {
  return new Promise((resolve, reject) => {
    let watch: EtcdWatch | undefined;
    let ended = false;
    let cancelTimer = () => {};
    const end = (how: WatchEnd): void => {
      if (ended) return;
      ended = true;
      cancelTimer();
      signal?.removeEventListener('abort', onAbort);
      watch?.cancel();
      resolve(how);
    };
    const onAbort = () => end('over');
    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    const leftMs = context.leftMs();
    const forEver = leftMs === Number.POSITIVE_INFINITY;
    if (!forEver) cancelTimer = context.environment.after(leftMs, () => end('over'));
    context.connection
      .watch(key, { startRevision: since.revision }, ({ revision, events }) => {
        since.revision = revision + 1;
        if (events.some(({ type }) => type === 'delete')) end('deleted');
      })
      .then((opened) => {
        if (ended) return opened.cancel();
        watch = opened;
        return opened.lost.then(({ compactRevision }) =>
          end(compactRevision === undefined ? 'lost' : 'compacted'),
        );
      })
      .catch((error: unknown) => {
        if (isUnavailable(error)) end('lost');
        else if (error instanceof CallTimeout) end('over');
        else reject(error);
      });
  });
}

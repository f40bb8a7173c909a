/**
 * How long after its end a lease is revoked by a real server: leases granted at various instants,
 * and when a watch saw their keys go. The delay is counted from the answer to the grant, so it may
 * be too short by what that answer took.
 */
import { type Member, pause } from './etcd-process.js';
import { put, watch } from './requests.js';
import { Rpc } from './rpc.js';
import { METHODS, WATCH, WATCH_RESPONSE } from './schema.js';
import { toMessage, watchFromMessage, watchToMessage } from './translate.js';

const LEASES = 24;
const TTL_SECONDS = 2;
const APART_MS = 87;

export interface ExpiryDelay {
  readonly ttlSeconds: number;
  /** From the instant at which the lease was over to the news that its key is gone. */
  readonly delayMs: number;
}

export async function measureExpiry(member: Member): Promise<ExpiryDelay[]> {
  const rpc = new Rpc(member.port);
  const endsAtMs = new Map<string, number>();
  const delays: ExpiryDelay[] = [];
  const watches = { path: '/etcdserverpb.Watch/Watch', request: WATCH, response: WATCH_RESPONSE };
  const stream = rpc.open(
    watches,
    (message) => {
      for (const { type, kv } of watchFromMessage(message).events) {
        if (type !== 'delete') continue;
        const delayMs = Math.round(performance.now() - endsAtMs.get(kv.key)!);
        delays.push({ ttlSeconds: TTL_SECONDS, delayMs });
      }
    },
    () => {},
  );
  stream.send(watchToMessage(watch('expiring/', { rangeEnd: 'expiring0' })));
  for (let number = 1; number <= LEASES; number++) {
    const key = `expiring/${number}`;
    await rpc.call(METHODS.leaseGrant, { id: number, ttlSeconds: TTL_SECONDS });
    endsAtMs.set(key, performance.now() + TTL_SECONDS * 1000);
    await rpc.call(METHODS.put, toMessage(put(key, '', { lease: number })));
    await pause(APART_MS);
  }
  while (delays.length < LEASES) await pause(50);
  rpc.close();
  return delays;
}

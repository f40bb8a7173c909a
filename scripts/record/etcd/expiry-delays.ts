/**
 * How long after its end a lease is revoked by a real server: leases granted at various instants,
 * when a watch saw their keys go, and when a keep-alive sent in between was answered. Delays are
 * counted from the answer to the grant, so they may be too short by what that answer took.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { RealServer } from '../../../src/real/servers/server.js';
import { put, watch } from './requests.js';
import { Rpc } from './rpc.js';
import { KEEP_ALIVES, METHODS, WATCHES } from './schema.js';
import { toMessage, watchFromMessage, watchToMessage } from './translate.js';

const LEASES = 24;
const TTL_SECONDS = 2;
const APART_MS = 87;
/** A keep-alive leaves so long after the end. */
const LATE_MS = 10;

export interface ExpiryDelay {
  readonly ttlSeconds: number;
  /** From the instant at which the lease was over to the news that its key is gone. */
  readonly delayMs: number;
  /** From that instant to the answer to the keep-alive, and the TTL it gave. */
  readonly answeredAfterMs: number;
  readonly answeredTtlSeconds: number;
}

/** When the keys went, by the number of the lease, in milliseconds of the process. */
function watchDeletions(rpc: Rpc): Map<number, number> {
  const wentAtMs = new Map<number, number>();
  const stream = rpc.open(
    WATCHES,
    (message) => {
      for (const { type, kv } of watchFromMessage(message).events) {
        if (type === 'delete') wentAtMs.set(Number(kv.key.split('/')[1]), performance.now());
      }
    },
    () => {},
  );
  stream.send(watchToMessage(watch('expiring/', { rangeEnd: 'expiring0' })));
  return wentAtMs;
}

async function measure(rpc: Rpc, id: number, wentAtMs: Map<number, number>): Promise<ExpiryDelay> {
  await rpc.call(METHODS.leaseGrant, { id, ttlSeconds: TTL_SECONDS });
  const endsAtMs = performance.now() + TTL_SECONDS * 1000;
  await rpc.call(METHODS.put, toMessage(put(`expiring/${id}`, '', { lease: id })));
  await pause(endsAtMs + LATE_MS - performance.now());
  const answeredTtlSeconds = await new Promise<number>((resolve) => {
    const onMessage = ({ ttlSeconds }: { readonly ttlSeconds?: unknown }) =>
      resolve(Number(ttlSeconds));
    rpc.open(KEEP_ALIVES, onMessage, () => {}).send({ id });
  });
  const answeredAfterMs = Math.round(performance.now() - endsAtMs);
  while (!wentAtMs.has(id)) await pause(APART_MS);
  const delayMs = Math.round(wentAtMs.get(id)! - endsAtMs);
  return { ttlSeconds: TTL_SECONDS, delayMs, answeredAfterMs, answeredTtlSeconds };
}

export async function measureExpiry(member: RealServer): Promise<ExpiryDelay[]> {
  const rpc = new Rpc(member.port);
  const wentAtMs = watchDeletions(rpc);
  const measured: Promise<ExpiryDelay>[] = [];
  for (let id = 1; id <= LEASES; id++) {
    measured.push(measure(rpc, id, wentAtMs));
    await pause(APART_MS);
  }
  const delays = await Promise.all(measured);
  rpc.close();
  return delays;
}

/**
 * Questions to one member of etcd about itself, by the JSON gateway that every member has beside
 * gRPC (etcd documentation, "gRPC gateway"): ids are decimal text there.
 */
import { ServerTrouble } from './trouble.js';

export interface EtcdPlace {
  readonly host: string;
  readonly port: number;
}

/** What a member thinks of its cluster. */
export interface EtcdStatus {
  readonly memberId: string;
  /** `undefined` while none is known. */
  readonly leaderId: string | undefined;
}

/** What a member, or something else that speaks HTTP, answered in place of what was asked. */
export class EtcdRefusal extends ServerTrouble {}

/** A member said nothing within the limit. */
export class EtcdSilence extends ServerTrouble {}

const LIMIT_MS = 3_000;

/** Rejects with one of the two, or as `fetch` does if there is nobody. */
async function call(
  { host, port }: EtcdPlace,
  path: string,
  body: object | undefined,
  limitMs: number,
): Promise<unknown> {
  const { response, text } = await answerTo(`http://${bracketed(host)}:${port}${path}`, {
    signal: AbortSignal.timeout(limitMs),
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    if ((error as Error).name !== 'TimeoutError') throw error;
    throw new EtcdSilence(`${host}:${port}${path} did not answer within ${limitMs / 1_000} s`);
  });
  if (!response.ok) throw new EtcdRefusal(`${host}:${port}${path} answered ${text.trim()}`);
  try {
    return JSON.parse(text);
  } catch {
    throw new EtcdRefusal(`${host}:${port}${path} answered what is no JSON`);
  }
}

async function answerTo(url: string, request: RequestInit) {
  const response = await fetch(url, request);
  return { response, text: await response.text() };
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

export async function etcdStatus(place: EtcdPlace, limitMs = LIMIT_MS): Promise<EtcdStatus> {
  const answer = (await call(place, '/v3/maintenance/status', {}, limitMs)) as {
    readonly header: { readonly member_id: string };
    readonly leader?: string;
  };
  const { leader = '0' } = answer;
  return { memberId: answer.header.member_id, leaderId: leader === '0' ? undefined : leader };
}

/** Of the last write to any key. */
export async function etcdRevision(place: EtcdPlace): Promise<number> {
  const answer = await call(place, '/v3/maintenance/status', {}, LIMIT_MS);
  return Number((answer as { readonly header: { readonly revision: string } }).header.revision);
}

/** Asks the leader to make another member the leader; resolves when it has. */
export async function transferLeadership(leader: EtcdPlace, memberId: string): Promise<void> {
  const path = '/v3/maintenance/transfer-leadership';
  await call(leader, path, { targetID: memberId }, LIMIT_MS);
}

/** `3.4.23`; `undefined` of what speaks JSON and is no etcd. */
export async function etcdVersion(
  place: EtcdPlace,
  limitMs = LIMIT_MS,
): Promise<string | undefined> {
  const answer = (await call(place, '/version', undefined, limitMs)) as {
    readonly etcdserver?: string;
  } | null;
  return answer?.etcdserver;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

export async function etcdPut(
  place: EtcdPlace,
  key: string,
  value: string,
  limitMs: number,
  /** Default: it lives with none. */
  lease?: string,
): Promise<void> {
  const put = { key: base64(key), value: base64(value), ...(lease !== undefined && { lease }) };
  await call(place, '/v3/kv/put', put, limitMs);
}

/** The keys that begin so. */
const withPrefix = (prefix: string) => {
  const last = prefix.charCodeAt(prefix.length - 1);
  const end = prefix.slice(0, -1) + String.fromCharCode(last + 1);
  return { key: base64(prefix), range_end: base64(end) };
};

export interface EtcdKey {
  readonly key: string;
  /** Id of the lease that it lives with; `undefined` without one. */
  readonly lease: string | undefined;
}

/** The keys that begin with a prefix, in ASCII. */
export async function etcdKeys(place: EtcdPlace, prefix: string): Promise<EtcdKey[]> {
  const range = { ...withPrefix(prefix), keys_only: true };
  const answer = (await call(place, '/v3/kv/range', range, LIMIT_MS)) as {
    readonly kvs?: readonly { readonly key: string; readonly lease?: string }[];
  };
  return (answer.kvs ?? []).map(({ key, lease = '0' }) => ({
    key: Buffer.from(key, 'base64').toString(),
    lease: lease === '0' ? undefined : lease,
  }));
}

export async function etcdDeletePrefix(place: EtcdPlace, prefix: string): Promise<void> {
  await call(place, '/v3/kv/deleterange', withPrefix(prefix), LIMIT_MS);
}

/** Ends a lease, and its keys with it. */
export async function revokeLease(place: EtcdPlace, id: string): Promise<void> {
  await call(place, '/v3/lease/revoke', { ID: id }, LIMIT_MS);
}

/** A new lease of so many seconds, or the least that there is; answers its id. */
export async function grantLease(
  place: EtcdPlace,
  ttlSeconds: number,
  limitMs = LIMIT_MS,
): Promise<string> {
  const answer = await call(place, '/v3/lease/grant', { TTL: ttlSeconds }, limitMs);
  return (answer as { readonly ID: string }).ID;
}

/** Whether a lease has not been ended. */
export async function isLease(place: EtcdPlace, id: string, limitMs = LIMIT_MS): Promise<boolean> {
  const answer = await call(place, '/v3/lease/timetolive', { ID: id }, limitMs);
  // Of one that is gone it is −1; what is 0 is left out.
  return (answer as { readonly TTL?: string }).TTL !== '-1';
}

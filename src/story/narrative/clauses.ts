/** The clauses that narratives share: who, where, when, and what was done, in words. */
import { type Grant, NONE } from '../../checkers/sections.js';
import type { Fault, FaultClass, HostId, OperationId } from '../../fault.js';
import type { LossDeliveredRecord, ToldRecord } from '../../history.js';
import { serviceOf } from '../../service.js';
import type { PropertyVerdict } from '../../verdict.js';
import { instant, list } from '../words.js';
import type { Tale } from './tale.js';

/** The grant of an operation that a verdict names. */
export function grantOf(tale: Tale, who: PropertyVerdict['offender']): Grant | undefined {
  return who === undefined ? undefined : tale.index.grantByOperation.get(who.operation);
}

/** Names for two grants: their clients; with the operations if both are of one client. */
export function namesOf(
  a: { client: HostId; operation: OperationId },
  b: { client: HostId; operation: OperationId } | undefined,
): [string, string] {
  if (b === undefined) return [a.client, ''];
  if (a.client !== b.client) return [a.client, b.client];
  return [`${a.client} in ${a.operation}`, `${b.client} in ${b.operation}`];
}

/** `A's`; of `A in A1`, `A1's`. */
export function of(name: string): string {
  return `${name.split(' in ').at(-1)}'s`;
}

/** ` on r1, r2 and r3`; nothing if the lock has one server only. */
export function onServers(tale: Tale, servers: readonly HostId[]): string {
  const all = tale.index.history.world.servers.length;
  if (all < 2) return '';
  return servers.length === all ? ` on all ${all} servers` : ` on ${list(servers)}`;
}

/** When a grant's acquire returned. */
export function grantedAtUs(tale: Tale, grant: Grant): number {
  return tale.index.records[grant.acquire.completed]?.atUs ?? grant.acquire.invocation.atUs;
}

/** The act of a holder as a clause: `its write left`, `it entered its section`. */
export function actClause(tale: Tale, record: number): string {
  const act = tale.index.records[record]!;
  if (act.type === 'enter') return 'it entered its section';
  if (act.type === 'step') {
    return act.access === undefined ? 'it took a step of its work' : `its ${act.access} left`;
  }
  return act.type === 'exit' ? 'it finished its work' : 'it went on inside its section';
}

/** How a holder was told of the loss. */
export function toldClause(tale: Tale, grant: Grant): string {
  if (grant.told === NONE) return 'it had not been told';
  const { how, atUs } = tale.index.records[grant.told] as ToldRecord;
  const words = {
    signal: 'its signal was aborted',
    renew: 'its renewal answered that the lock was lost',
    release: 'its release answered that the lock was lost',
    validity: 'its validity check answered that nothing was left',
  } as const;
  return `${words[how]} at ${instant(atUs)}`;
}

/** That a server said so, or in PostgreSQL that the connection, and the session with it, ended. */
export function lossClauses({ index }: Tale, grant: Grant, at: number) {
  const { server, atUs } = index.records[at] as LossDeliveredRecord;
  if (serviceOf(server) !== 'postgres') {
    return {
      row: `hears from ${server}: not yours`,
      why: `a reply that it no longer held the lock had arrived from ${server} at ${instant(atUs)}`,
    };
  }
  const lease = grant.leases.findLast(({ record }) => record.server === server);
  const isOwn = lease !== undefined && (lease.ended === NONE || lease.ended > at);
  return {
    row: isOwn ? `closes its connection to ${server}` : `its connection to ${server} is closed`,
    why: isOwn
      ? `it had closed its connection to ${server} itself at ${instant(atUs)}`
      : `its connection to ${server} was closed at ${instant(atUs)}, and its session with it`,
  };
}

/** The last fault of a class on a host that began by an instant, and when. */
export function latestFault(
  tale: Tale,
  classes: readonly FaultClass[],
  host: HostId,
  byUs: number,
): { readonly fault: Fault; readonly atUs: number } | undefined {
  let found: { fault: Fault; atUs: number } | undefined;
  for (const record of tale.index.records) {
    if (record.atUs > byUs) break;
    if (record.type !== 'fault' || record.edge !== 'start') continue;
    if (!classes.includes(record.class)) continue;
    const fault = tale.faults.get(record.fault);
    if (fault !== undefined && 'host' in fault && fault.host === host) {
      found = { fault, atUs: record.atUs };
    }
  }
  return found;
}

/** Whether a client asked a server of the lock in a stretch of time, as far as messages tell. */
export function askedIn(tale: Tale, client: HostId, fromUs: number, untilUs: number): boolean {
  const { servers } = tale.index.history.world;
  return tale.trace.messages.some(
    ({ from, to, sentAtUs }) =>
      from === client && sentAtUs >= fromUs && sentAtUs < untilUs && servers.includes(to),
  );
}

/** By what the first server of the lock does several things at once. */
export function atOnceAt({ index }: Tale): string {
  switch (serviceOf(index.history.world.servers[0] ?? '')) {
    case 'postgres':
      return 'statement';
    case 'etcd':
      return 'transaction';
    case 'zookeeper':
      return 'request that names its version';
    default:
      return 'script';
  }
}

/** What is longer than this is cut. */
const LONGEST_QUOTE = 60;

/** What a message says, in quotation marks; of a long one the beginning. */
export function quoted(text: string): string {
  const plain = text
    .replace(/^"(.*)"$/, '$1')
    .replace(/\s+/g, ' ')
    .replaceAll('"', "'");
  const cut = plain.length > LONGEST_QUOTE ? `${plain.slice(0, LONGEST_QUOTE).trimEnd()}…` : plain;
  return `"${cut}"`;
}

/** A number among a verdict's details; `undefined` if there is none. */
export function numberIn({ details }: PropertyVerdict, name: string): number | undefined {
  const value = details?.[name];
  return typeof value === 'number' ? value : undefined;
}

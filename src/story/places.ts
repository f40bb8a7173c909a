/**
 * Where in the code under test a row of a story was caused: at the record itself, or at the request
 * that a record stands for — the one that made a lease, or that a call, a release, a write sent
 * first.
 */
import type { LeaseRecord } from '../history.js';
import type { TraceMessage } from '../trace.js';
import type { Tale, Told } from './narrative/tale.js';

export function placeOfRecord({ trace, index }: Tale, record: number): string | undefined {
  const known = trace.places[record];
  const one = index.records[record];
  if (known !== undefined || one === undefined) return known;
  if (one.type === 'lease') return requestOf(trace, one)?.place;
  if (one.type !== 'invoke') return undefined;
  return trace.messages.find(
    ({ from, sentAtUs, place }) =>
      from === one.client && sentAtUs >= one.atUs && place !== undefined,
  )?.place;
}

/**
 * The request that a server applied when it made a lease. Not always the one that its term counts
 * from: in etcd and ZooKeeper that is the last one that kept the session alive (R1).
 */
export function requestOf({ messages }: Told, record: LeaseRecord): TraceMessage | undefined {
  const { host, server, atUs, sentAtUs } = record;
  const own = messages.filter(({ from, to }) => from === host && to === server);
  return (
    own.find((message) => message.sentAtUs === sentAtUs && message.endedAtUs === atUs) ??
    own.findLast(({ endedAtUs }) => endedAtUs === atUs) ??
    own.find((message) => message.sentAtUs === sentAtUs)
  );
}

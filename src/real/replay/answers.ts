/**
 * Which of the messages from a server may answer a request: where calls do not wait for each other,
 * several leave it at one instant, and news of watches with them.
 */
import type { HostId } from '../../fault.js';
import { serviceOf } from '../../service.js';

/** Streams of etcd: what is asked on them, and how that is answered. */
const STREAMS: readonly (readonly [RegExp, RegExp])[] = [
  [/^lease keep-alive /, /^lease \w+ (keepalived|expired)/],
  [/^watch /, /^watch \d+ created/],
  [/^cancel watch /, /^watch \d+ cancelled/],
];
const NEWS_OF_ETCD = /^(PUT|DELETE) /;
const NEWS_OF_ZOOKEEPER = /^Node[A-Z]\w+ \//;

/** Both in the words of a trace. */
export function mayAnswer(server: HostId, told: string, asked: string): boolean {
  const service = serviceOf(server);
  if (service === 'zookeeper') return !isNews(server, told);
  if (service !== 'etcd' || told.startsWith('Error')) return true;
  const stream = STREAMS.find(([request]) => request.test(asked));
  if (stream !== undefined) return stream[1].test(told);
  return !isNews(server, told) && !STREAMS.some(([, answer]) => answer.test(told));
}

/** What nobody asked for. */
export function isNews(server: HostId, told: string): boolean {
  const service = serviceOf(server);
  if (service === 'zookeeper') return NEWS_OF_ZOOKEEPER.test(told);
  return service === 'etcd' && NEWS_OF_ETCD.test(told);
}

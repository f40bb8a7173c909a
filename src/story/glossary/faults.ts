/** The fault classes, in the glossary's words. */
import type { FaultClass } from '../../fault.js';
import type { Entry } from './entry.js';
import { ANTIREZ, KLEPPMANN, REDIS_PAGE, REDSYNC } from './sources.js';

type FaultEntry = Entry & { readonly name: FaultClass };

const TCP = 'docs/semantics.md, R7';

export const FAULT_ENTRIES: readonly FaultEntry[] = [
  {
    name: 'pause',
    kind: 'fault class',
    short: 'a client stops while the world goes on',
    means:
      'A client stops for 1 ms to three TTLs and wakes up without noticing, as in a ' +
      'collection of ' +
      'garbage or on a machine that is suspended. It can strike at any call to the environment: ' +
      'after the clock has been read and before the message leaves, for example.',
    example: 'if (grant.validForMs() > 0) await write() — and the pause falls between the two.',
    helps: 'Nothing in the client; a fencing token that the resource checks.',
    source: `docs/semantics.md, R4; ${KLEPPMANN}`,
  },
  {
    name: 'clock-step',
    kind: 'fault class',
    short: 'the wall clock of a host changes at once',
    means:
      'The wall clock of a client or server jumps by up to three TTLs, forwards or ' +
      'backwards; the ' +
      'monotonic clock does not. Redis ends keys by its wall clock.',
    example: "The server's clock is set forward by 30 s, and every lease ends at once.",
    helps: 'The monotonic clock in clients; slewed clocks on servers.',
    source: `${REDIS_PAGE}, section "Disclaimer about consistency"; redis/redis#416; ${ANTIREZ}`,
  },
  {
    name: 'clock-drift',
    kind: 'fault class',
    short: 'the clocks of a host run fast or slow',
    means:
      'Both clocks of a host run up to 500 parts per million fast or slow for a while (more with ' +
      '--set driftPpm=; then claims do not apply).',
    example: 'A lease of 10 s lasts 9.995 s at a fast server, and its holder counts 10 s.',
    helps: 'Take an allowance off the validity, as Redlock does (1 % of the TTL and 2 ms).',
    source: `${REDIS_PAGE}, section "Is the Algorithm Asynchronous?"`,
  },
  {
    name: 'client-crash',
    kind: 'fault class',
    short: 'a client dies, and may come back without memory',
    means:
      'The process of a client is killed, or its machine loses power. Nothing of it runs ' +
      'any more, ' +
      'no finally either; requests that had left still arrive. It may restart, as a new ' +
      'incarnation.',
    example: 'A dies between SETNX and EXPIRE.',
    helps: 'A TTL that is set together with the key.',
    source: 'docs/semantics.md, R8; redis/redis-py#902',
  },
  {
    name: 'server-crash',
    kind: 'fault class',
    short: 'a server loses power and restarts',
    means:
      'Replies that had not left are lost, connections are reset. What the server remembers ' +
      'depends on --set persistence=: none, everysec (all but the last second; of PostgreSQL all ' +
      'but 600 ms), always.',
    example: 'One of five servers restarts empty, and its vote is given twice.',
    helps: 'Write every grant to disk before the answer, or stay away for a TTL after a crash.',
    source: `${REDIS_PAGE}, section "Performance, Crash Recovery and fsync"; ${REDSYNC}`,
  },
  {
    name: 'partition',
    kind: 'fault class',
    short: 'bytes between a client and a server are held',
    means:
      'Bytes in one or both directions are held and arrive, in order, when the partition ends, ' +
      'unless one end gives up first.',
    example: "A's release is held until after B was granted the lock, and then deletes its key.",
    helps: 'Bounds on calls; requests that do no harm when they arrive late.',
    source: TCP,
  },
  {
    name: 'delay',
    kind: 'fault class',
    short: 'messages take longer, in order',
    means:
      'For a while each message in one direction between a client and a server takes up to two ' +
      'TTLs longer; what follows on the connection waits behind it.',
    example: 'The reply that grants the lock arrives when the lease is over.',
    helps: 'Count the validity from the send of the request; a fencing token for writes in flight.',
    source: `${TCP}; ${KLEPPMANN}`,
  },
  {
    name: 'lost-request',
    kind: 'fault class',
    short: 'a request is lost with its connection',
    means: 'The connection is reset after a request was sent and before the server applied it.',
    example: 'The release never reaches the server.',
    helps: 'Ask again; but only what does no harm if it was applied after all.',
    source: TCP,
  },
  {
    name: 'lost-reply',
    kind: 'fault class',
    short: 'a request is applied, its reply is lost',
    means:
      'The connection is reset after the server applied a request and before the reply arrived: ' +
      'the client cannot tell this from a lost request.',
    example: 'SET NX is applied, the reply is lost, the second try answers "held": by itself.',
    helps: 'After an unanswered acquire, release with the same owner id.',
    source: `${TCP}; ${REDIS_PAGE}, section "Retry on Failure"`,
  },
  {
    name: 'half-open',
    kind: 'fault class',
    short: 'one end of a connection vanishes without a word',
    means: 'The connection stays open and silent. A call without a bound waits for ever.',
    example: 'The lock asks its servers one after the other, and the second one never answers.',
    helps: 'A bound on every call.',
    source: TCP,
  },
  {
    name: 'server-error',
    kind: 'fault class',
    short: 'a server answers with an error',
    means: 'For a while the server answers every request with an error and applies none.',
    example: 'LOADING Redis is loading the dataset in memory, and the lock takes it for a grant.',
    helps: 'Tell errors from answers; an error is not a no that can be trusted either.',
    source: 'docs/semantics.md, R16; Redis documentation, "Redis serialization protocol", errors',
  },
  {
    name: 'failover',
    kind: 'fault class',
    short: 'a server is replaced by its asynchronous replica, or a cluster changes its leader',
    means:
      'The replica takes over with what it had received; grants of the last moments may ' +
      'be missing. Of an etcd cluster another member leads; or the leader is cut off or stalls, ' +
      'and for a while does not know that it leads no more. Of a ZooKeeper ensemble another ' +
      'server leads; or one is cut off, and answers its clients from what it has.',
    example: 'A is granted the lock; the primary dies; the replica grants it to B.',
    helps: 'Independent servers and a majority, or a service that agrees before it answers.',
    source: `${REDIS_PAGE}, section "Why Failover-based Implementations Are Not Enough"`,
  },
  {
    name: 'interleaving',
    kind: 'fault class',
    short: 'no fault: only the order of events',
    means:
      'Nothing goes wrong; clients race, and what happens at the same instant happens in ' +
      'any order.',
    example: 'GET shows no owner to two clients, and both set the key.',
    helps: 'Check and change in one step at the server.',
    source: 'docs/semantics.md, R5',
  },
];

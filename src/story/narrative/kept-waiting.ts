/**
 * Why an acquire was not granted although nobody held the lock, as far as a run shows it: leases
 * that are still extended, keys that the waiting client left behind itself, what the servers
 * answered it, or that it did not ask (docs/semantics.md, R10).
 */
import { overAt } from '../../checkers/holding.js';
import { type LeaseChain, leaseChains, ownerOf } from '../../checkers/lease-chains.js';
import { isBefore } from '../../checkers/promised-end.js';
import { type Grant, type Lease, NONE } from '../../checkers/sections.js';
import { countLeading } from '../../checkers/sorted.js';
import type { InvokeRecord } from '../../history.js';
import { serviceOf } from '../../service.js';
import type { TraceMessage } from '../../trace.js';
import { instant, list } from '../words.js';
import { quoted } from './clauses.js';
import type { Tale } from './tale.js';

/** An acquire that waits, and the stretch of time in which somebody ought to have served it. */
export interface Wait {
  readonly tale: Tale;
  readonly call: InvokeRecord;
  readonly grant: Grant;
  readonly fromUs: number;
  readonly dueUs: number;
}

/** What kept it waiting, in sentences, and what helps against that. */
export interface Obstacle {
  readonly sentences: readonly string[];
  readonly help: string;
}

/** The first of what can keep a client waiting that the run shows. */
export function obstacleOf(wait: Wait): Obstacle {
  return extendedLeases(wait) ?? ownKeys(wait) ?? rivals(wait) ?? answers(wait) ?? UNKNOWN;
}

/** What keeps leases from being extended that nobody holds. */
export function helpForExtended(server: string): string {
  switch (serviceOf(server)) {
    case 'zookeeper':
      return (
        'What helps: try the release again until it is answered, or close the session, whose ' +
        'heartbeats keep alive all that it made.'
      );
    case 'etcd':
      return (
        'What helps: stop the keep-alives before the release, and when the acquire ends without ' +
        'a grant, and revoke the lease until that is answered.'
      );
    default:
      return (
        'What helps: stop every renewal before the release, and when the acquire ends without a ' +
        'grant; give every key a TTL.'
      );
  }
}

/** Leases of grants that are over and that stand all the same. */
function extendedLeases({ tale, grant, dueUs }: Wait): Obstacle | undefined {
  const { index } = tale;
  const before = countLeading(index.records, ({ atUs }) => atUs <= dueUs);
  const standing = leaseChains(index).filter(({ leases, closed }) => {
    const [first] = leases as [Lease];
    if (first.grant === grant || !isBefore(first.applied, before) || isBefore(closed, before)) {
      return false;
    }
    return first.grant === undefined || isBefore(overAt(index, first.grant), before);
  });
  const [first] = standing;
  if (first === undefined) return undefined;
  const sentences = standing.slice(0, 2).map((chain) => tellStanding(chain, before, dueUs));
  return { sentences, help: helpForExtended(first.leases[0]!.record.server) };
}

function tellStanding({ leases }: LeaseChain, before: number, dueUs: number): string {
  const last = leases.findLast(({ applied }) => applied < before)!;
  const { server, host, atUs } = last.record;
  const { host: whose, operation } = ownerOf(leases[0]!);
  const lease = operation === '' ? `A lease of ${whose}` : `The lease of ${whose} in ${operation}`;
  const how =
    last === leases[0]
      ? ''
      : `: at ${instant(atUs)} a request of ${host} had extended it, although nobody holds it`;
  return `${lease} on ${server} still stood at ${instant(dueUs)}${how}.`;
}

/**
 * Keys of its own that the client did not take back. In Redis an own key under the lock's name
 * keeps its next try out; elsewhere it may be a place in a queue.
 */
function ownKeys({ tale, call, grant, fromUs, dueUs }: Wait): Obstacle | undefined {
  const left = grant.leases.filter(({ record, end }) => {
    const { server, key, atUs } = record;
    if (serviceOf(server) !== 'redis' || key !== call.key || atUs > dueUs) return false;
    if (end === undefined) return true;
    return end.cause === 'expired' && end.atUs > fromUs;
  });
  if (left.length === 0) return undefined;
  const on = new Set(left.map(({ record }) => record.server));
  const servers = tale.index.history.world.servers.filter((server) => on.has(server));
  return {
    sentences: [
      `Requests of ${call.client} itself had made a key on ${list(servers)} that it did not take ` +
        'back before it tried again: it kept itself out.',
    ],
    help:
      'What helps: give back what a try got before the next one, on every server and whatever ' +
      'it answered.',
  };
}

/** Others that wait as well, and had leases on some servers meanwhile. */
function rivals({ tale, call, grant, fromUs, dueUs }: Wait): Obstacle | undefined {
  const isRival = ({ record, grant: of }: Lease) =>
    of !== undefined &&
    of !== grant &&
    of.acquire.completion?.type !== 'ok' &&
    serviceOf(record.server) === 'redis' &&
    record.atUs >= fromUs &&
    record.atUs <= dueUs;
  const names = [...new Set(tale.index.leases.filter(isRival).map(({ grant: of }) => of!.client))];
  if (names.length === 0) return undefined;
  return {
    sentences: [
      `${list(names)} asked for the lock as well and had leases on some servers meanwhile: they ` +
        `and ${call.client} kept each other out.`,
    ],
    help: 'What helps: add a random delay before the next try, so that waiters do not meet again.',
  };
}

/** Words of what a client library sends by itself to keep a session alive. */
const HEARTBEAT = /^(?:ping|lease keep-alive)\b/;

/** What the client asked last, and what it was answered; or that it asked nothing for long. */
function answers(wait: Wait): Obstacle | undefined {
  const { call, fromUs, dueUs } = wait;
  const { client } = call;
  const asked = requestsOf(wait);
  const latest = asked.at(-1);
  if (latest === undefined) return undefined;
  const answered = asked.findLast((request) => replyTo(wait, request) !== undefined);
  // Who polls asks until the end; who waits for a message asks at the beginning.
  const polls = latest.sentAtUs > (fromUs + dueUs) / 2;
  if (!polls) return { sentences: tellQuiet(client, latest, answered), help: HELP_FOR_QUIET };
  if (answered === undefined) return undefined;
  const before = asked.findLast((request) => request.sentAtUs < answered.sentAtUs);
  const pair =
    before !== undefined && before.text !== answered.text ? [before, answered] : [answered];
  const told = pair.map((request) => {
    const reply = replyTo(wait, request);
    const what = reply === undefined ? 'not answered' : `answered ${quoted(reply.text)}`;
    return `${quoted(request.text)} of ${instant(request.sentAtUs)} was ${what}`;
  });
  return {
    sentences: [
      `${client} asked again and again: its request ${list(told)}.`,
      'No lease of anybody else stood there; what kept it out is something that requests had ' +
        'left at the server before and that no rule takes for a lease.',
      ...tellDeaths(wait),
    ],
    help: HELP_FOR_STATE,
  };
}

/** Who died until then: what it had left, nobody took back. */
function tellDeaths({ tale, dueUs }: Wait): string[] {
  const died = tale.index.records.flatMap((one) =>
    one.type === 'host' && one.state === 'dead' && one.atUs <= dueUs
      ? [`${one.host} at ${instant(one.atUs)}`]
      : [],
  );
  return died.length === 0 ? [] : [`Clients had died: ${list(died)}.`];
}

const HELP_FOR_STATE =
  'What helps: keep who holds the lock, and who waits, in keys that end by themselves, so that ' +
  'what nobody takes back does not stay.';

/** What the waiting client asked the servers of the lock. */
function requestsOf({ tale, call, dueUs }: Wait): TraceMessage[] {
  const { servers } = tale.index.history.world;
  return tale.trace.messages.filter(
    ({ from, to, sentAtUs, text }) =>
      from === call.client &&
      servers.includes(to) &&
      sentAtUs >= call.atUs &&
      sentAtUs <= dueUs &&
      !HEARTBEAT.test(text),
  );
}

function replyTo({ tale, dueUs }: Wait, request: TraceMessage): TraceMessage | undefined {
  return tale.trace.messages.find(
    ({ from, to, sentAtUs, fate }) =>
      from === request.to &&
      to === request.from &&
      fate === 'delivered' &&
      sentAtUs >= (request.endedAtUs ?? Infinity) &&
      sentAtUs <= dueUs,
  );
}

function tellQuiet(
  client: string,
  latest: TraceMessage,
  answered: TraceMessage | undefined,
): string[] {
  const request = `its request ${quoted(latest.text)} of ${instant(latest.sentAtUs)}`;
  return latest === answered
    ? [`After ${request} ${client} asked nothing more, and nobody woke it.`]
    : [`${client} waited for an answer to ${request}, and asked nothing more.`];
}

const HELP_FOR_QUIET =
  'What helps: wait with a bound on the monotonic clock and try again, instead of trusting that ' +
  'a message will come.';

const UNKNOWN: Obstacle = {
  sentences: ['The run does not show why.'],
  help:
    'What helps: wait with a bound on the monotonic clock and try again, after a random delay, ' +
    'so that waiters do not keep each other out.',
};

/** The wait of an acquire that is overdue; `undefined` for any other call. */
export function waitOf(tale: Tale, call: InvokeRecord, drainedUs: number, dueUs: number) {
  const grant = tale.index.grantById.get(call.call);
  if (call.action !== 'acquire' || grant === undefined || overAt(tale.index, grant) !== NONE) {
    return undefined;
  }
  return { tale, call, grant, fromUs: Math.max(drainedUs, call.atUs), dueUs };
}

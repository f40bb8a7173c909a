/** Rows about faults and hosts: pauses, deaths, clocks, partitions, lost messages, crashes. */
import type { Fault, HostId } from '../fault.js';
import type { FaultRecord, HostRecord } from '../history.js';
import type { StoryRow } from '../report.js';
import { serviceOf } from '../service.js';
import type { Focus } from './focus.js';
import type { PlacedRow } from './lease-rows.js';
import { instant, rate } from './words.js';

/** Faults that a host record tells already. */
const TOLD_BY_HOST = new Set(['pause', 'client-crash']);
/** Faults that wait for a message: what counts is when they met it. */
const MEETS_MESSAGE = new Set(['lost-request', 'lost-reply', 'half-open']);

export function faultRows(focus: Focus): PlacedRow[] {
  const { records } = focus.tale.index;
  const rows: PlacedRow[] = [];
  for (let record = 0; record <= focus.last; record++) {
    const one = records[record]!;
    const row =
      one.type === 'fault'
        ? faultRow(focus, one)
        : one.type === 'host'
          ? hostRow(focus, one, record)
          : undefined;
    if (row !== undefined) rows.push({ row, record });
  }
  return rows;
}

function faultRow(focus: Focus, record: FaultRecord): StoryRow | undefined {
  const fault = focus.tale.faults.get(record.fault);
  if (fault === undefined || TOLD_BY_HOST.has(fault.class)) return undefined;
  const tellingEdge = MEETS_MESSAGE.has(fault.class) ? 'touched' : 'start';
  if (record.edge !== tellingEdge || !concerns(focus, fault)) return undefined;
  if (tellingEdge === 'start' && !touched(focus, fault)) return undefined;
  return { atUs: record.atUs, kind: 'fault', ...faultWords(fault, record.atUs) };
}

/** Of a run with so few faults, as the smallest one is, none is left out. */
const FEW_FAULTS = 3;

/** Whether a fault is about a client of the story or any server, or is one of few. */
function concerns(focus: Focus, fault: Fault): boolean {
  const host = 'host' in fault ? fault.host : fault.client;
  return isTold(focus, host) || focus.tale.index.history.world.servers.includes(host);
}

function isTold({ clients, tale }: Focus, host: HostId): boolean {
  if (clients.has(host)) return true;
  const { length } = tale.trace.scenario.faults;
  return length > 0 && length <= FEW_FAULTS && tale.index.history.world.clients.includes(host);
}

/** A fault that met nothing explains nothing. */
function touched({ tale }: Focus, { id }: Fault): boolean {
  return tale.index.records.some(
    (record) => record.type === 'fault' && record.fault === id && record.edge === 'touched',
  );
}

type Words = Pick<StoryRow, 'host' | 'text' | 'untilUs' | 'servers'>;

/** What a fault does, where, and until when. */
function faultWords(fault: Exclude<Fault, never>, atUs: number): Words {
  switch (fault.class) {
    case 'clock-step': {
      const by = fault.byUs < 0 ? `back by ${instant(-fault.byUs)}` : `by +${instant(fault.byUs)}`;
      return { host: fault.host, text: `wall clock steps ${by}` };
    }
    case 'clock-drift': {
      const { host, ppm, durationUs } = fault;
      const speed = `${rate(ppm)} ${ppm < 0 ? 'slow' : 'fast'}`;
      return { host, text: `clocks run ${speed}`, untilUs: atUs + durationUs };
    }
    case 'server-crash': {
      const { host, restartAfterUs } = fault;
      return { host, text: 'crashes', untilUs: atUs + restartAfterUs, servers: [host] };
    }
    case 'failover': {
      const { host, replica } = fault;
      return { host, text: failoverWords(host, replica), servers: [host] };
    }
    case 'server-error': {
      const { host, error, durationUs } = fault;
      const text = `answers ${errorWords(error)} errors`;
      return { host, text, untilUs: atUs + durationUs, servers: [host] };
    }
    case 'partition': {
      const { client: host, server, direction, durationUs } = fault;
      const way = { both: 'cut off from', 'to-server': 'cannot reach', 'to-client': 'deaf to' };
      const text = `${way[direction]} ${server}`;
      return { host, text, untilUs: atUs + durationUs, servers: [server] };
    }
    case 'delay': {
      const { client: host, server, direction, byUs, durationUs } = fault;
      const way = direction === 'to-server' ? 'to' : 'from';
      const text = `messages ${way} ${server} take ${instant(byUs)} more`;
      return { host, text, untilUs: atUs + durationUs, servers: [server] };
    }
    case 'lost-request':
      return linkWords(fault.client, fault.server, 'request to', 'is lost');
    case 'lost-reply':
      return linkWords(fault.client, fault.server, 'reply from', 'is lost');
    case 'half-open':
      return linkWords(fault.client, fault.server, 'connection to', 'falls silent');
    case 'pause':
    case 'client-crash':
      return { host: fault.host, text: fault.class };
  }
}

/** What a failover is to a service (docs/semantics.md, R16). */
function failoverWords(host: string, replica: number): string {
  const service = serviceOf(host);
  if (service === 'redis') return `fails over to replica ${replica}`;
  if (service === 'postgres') return 'fails over to its standby';
  if (replica === 2) return 'its leader is cut off from the other members';
  if (replica !== 3) return 'changes its leader';
  return service === 'etcd' ? 'its leader stalls' : 'a follower is cut off from the other members';
}

/** An error of Redis begins with its code, one of etcd with its name; ZooKeeper's is a sentence. */
function errorWords(error: string): string {
  const [first, ...rest] = error.split(' ');
  if (first === 'ZooKeeperServer') return `"${error}"`;
  return first === 'etcdserver:' ? `"${rest.join(' ')}"` : first!;
}

function linkWords(host: string, server: string, what: string, happens: string): Words {
  return { host, text: `its ${what} ${server} ${happens}`, servers: [server] };
}

function hostRow(focus: Focus, record: HostRecord, at: number): StoryRow | undefined {
  const { host, state, atUs, incarnation } = record;
  if (!isTold(focus, host)) return undefined;
  switch (state) {
    case 'paused':
      return pauseRow(focus, record, at);
    case 'resumed':
      if (at !== focus.violation) return undefined;
      return { atUs, host, kind: 'pause', text: 'wakes up, still inside its section' };
    case 'dead':
      return { atUs, host, kind: 'dead', text: 'dies' };
    case 'restarted':
      return { atUs, host, kind: 'restarted', text: `restarts as ${host}/${incarnation}` };
  }
}

/** A pause, its length, and the act inside whose call it fell. */
function pauseRow(focus: Focus, { host, atUs }: HostRecord, at: number): StoryRow {
  const { records, history } = focus.tale.index;
  const end = records.find(
    (record, after) => after > at && record.type === 'host' && record.host === host,
  );
  const untilUs = end?.atUs ?? history.endUs;
  const inside = records.find(
    (record) =>
      'calledAtUs' in record &&
      'client' in record &&
      record.client === host &&
      record.calledAtUs <= atUs &&
      record.atUs >= untilUs &&
      record.calledAtUs < record.atUs,
  );
  const call = inside?.type === 'step' ? (inside.access ?? 'step') : inside?.type;
  const where = call === undefined ? '' : ` inside its ${call}`;
  return { atUs, host, kind: 'pause', text: `paused ${instant(untilUs - atUs)}${where}`, untilUs };
}

/**
 * The score of a story: everything that happened in a simulated run, in its order, as steps that a
 * conductor can enforce on real servers or wait for. What crosses the network is enforced; what a
 * client does by itself is waited for (docs/semantics.md, R4, R5, R7).
 */
import type { LogEntry } from '../../difference.js';
import type { Fault, HostId, Struck } from '../../fault.js';
import type { HistoryRecord, LeaseId } from '../../history.js';
import { serviceOf } from '../../service.js';
import type { Trace, TraceMessage } from '../../trace.js';
import { isNews, mayAnswer } from './answers.js';
import { isByItself } from './by-itself.js';
import { enforceable } from './enforceable.js';

/** What becomes of a request when it gets to its server. */
export type RequestFate =
  /** Applied; the reply may still be lost. */
  | 'applied'
  /** Gone with its connection, or into silence, before the server has seen it. */
  | 'lost'
  /** The server is down. */
  | 'unheard'
  /** The server answers with the error of a fault, and applies nothing. */
  | 'refused';

interface At {
  /** World time of the story. */
  readonly atUs: number;
}

interface OnConnection extends At {
  readonly client: HostId;
  readonly server: HostId;
  /** Tells the connections of a story apart. */
  readonly connection: number;
}

export interface RequestStep extends OnConnection {
  readonly step: 'request';
  /** The server of an ensemble that it is to, from 1; absent: where all are sent. */
  readonly member?: number;
  readonly text: string;
  readonly fate: RequestFate;
  /** Whether the server answers it at once; a call that blocks is answered later, or never. */
  readonly answered: boolean;
  /** Of one that is refused: the text of the error. */
  readonly error?: string;
  /** The connection is cut there: the server learns it now, the client when it is told. */
  readonly cut: boolean;
}

export type Step =
  | RequestStep
  | (OnConnection & {
      readonly step: 'reply';
      readonly text: string;
      /** Its client has given up, and never hears it. */
      readonly late: boolean;
    })
  /** The client learns that the connection is gone. */
  | (OnConnection & { readonly step: 'closed' })
  /** The server learns it. */
  | (OnConnection & { readonly step: 'hangup' })
  /** A client is to say this by itself. */
  | (At & { readonly step: 'record'; readonly client: HostId; readonly record: HistoryRecord })
  | (At & {
      readonly step: 'fault';
      readonly fault: Fault;
      readonly edge: 'start' | 'end';
      /** What a failover met. */
      readonly struck?: Struck;
      /** Whether a client does it to itself, at one of its calls. */
      readonly byItself: boolean;
    })
  | (At & {
      readonly step: 'host';
      readonly client: HostId;
      readonly state: 'paused' | 'resumed' | 'dead' | 'restarted';
      readonly incarnation: number;
      /** The fault that does it, if the client does it to itself at one of its calls. */
      readonly byItself?: string;
    })
  /** A server made or extended a lease: what it did last; the lease ends by time. */
  | (At & { readonly step: 'lease'; readonly lease: LeaseId; readonly server: HostId })
  | (At & {
      readonly step: 'expiry';
      readonly lease: LeaseId;
      readonly server: HostId;
      /** How long after its lease was made or extended. */
      readonly termUs: number;
    })
  /** A replica gets no more from here on: it lags, and will take its server's place. */
  | (At & { readonly step: 'detach'; readonly server: HostId; readonly replica: number })
  | (At & { readonly step: 'phase'; readonly phase: 'ending' | 'healed' | 'over' });

/** Records that a client makes itself, in the order of its own code. */
export const OF_CLIENTS: ReadonlySet<string> = new Set([
  'invoke',
  'ok',
  'fail',
  'info',
  'enter',
  'step',
  'exit',
]);

/** How long a lease lasts, made or extended at that instant. */
interface Term {
  readonly atUs: number;
  readonly server: HostId;
  readonly termUs: number;
}

/** What is known of the story besides its log. */
interface Context {
  readonly trace: Trace;
  readonly errors: Map<HostId, string>;
  readonly terms: Map<LeaseId, Term>;
  readonly dead: Set<HostId>;
  readonly messages: Map<string, TraceMessage[]>;
  /** Of each connection to a ZooKeeper: which requests that were not answered are heartbeats. */
  readonly heartbeats: Map<number, boolean[]>;
  /** Replies whose requests are known. */
  readonly replied: Set<TraceMessage>;
}

/** The steps of a run, from its log and its trace, up to the record `until` and what it needs. */
export function scoreOf(log: readonly LogEntry[], trace: Trace, until: number): Step[] {
  const context: Context = {
    trace,
    errors: new Map(),
    terms: new Map(),
    dead: new Set(),
    messages: messagesByWay(trace),
    heartbeats: new Map(),
    replied: new Set(),
  };
  const steps: Step[] = [];
  for (const entry of log) {
    if (entry.struck !== undefined) steps.push(struckStep(steps, entry));
    const step = entry.entry === 'event' ? eventStep(entry, context) : recordStep(entry, context);
    if (step !== undefined) steps.push(step);
    if (entry.entry === 'record' && entry.index === until) break;
  }
  return enforceable(withSides(steps), trace);
}

/** The failover in hand, with what is known of it now. */
function struckStep(steps: Step[], { host, struck }: LogEntry): Step {
  const at = steps.findLastIndex(
    (step) => step.step === 'fault' && step.fault.class === 'failover' && step.fault.host === host,
  );
  return { ...steps.splice(at, 1)[0]!, struck } as Step;
}

/** Connections that stay with a leader that is cut off are to it, the others to another member. */
function withSides(steps: readonly Step[]): readonly Step[] {
  const left = new Map<HostId, readonly number[]>();
  for (const step of steps) {
    if (step.step !== 'fault' || step.fault.class !== 'failover') continue;
    if (step.struck?.left !== undefined) left.set(step.fault.host, step.struck.left);
  }
  return steps.map((step) => {
    const staying = step.step === 'request' ? left.get(step.server) : undefined;
    if (staying === undefined || step.step !== 'request') return step;
    return { ...step, member: staying.includes(step.connection) ? 1 : 2 };
  });
}

/** Messages by sender and receiver, in the order in which their ways ended. */
function messagesByWay({ messages }: Trace): Map<string, TraceMessage[]> {
  const ended = messages.filter(({ endedAtUs }) => endedAtUs !== undefined);
  ended.sort((a, b) => a.endedAtUs! - b.endedAtUs! || a.sentAtUs - b.sentAtUs);
  const byWay = new Map<string, TraceMessage[]>();
  for (const message of ended) {
    const way = `${message.from} ${message.to}`;
    const known = byWay.get(way);
    if (known === undefined) byWay.set(way, [message]);
    else known.push(message);
  }
  return byWay;
}

function eventStep(entry: LogEntry, context: Context): Step | undefined {
  const { kind, atUs, host: client, peer: server, lane = 0, payload = '', member } = entry;
  if (kind === 'phase') return phaseStep(atUs, payload);
  if (client === undefined || server === undefined) return undefined;
  const where = { atUs, client, server, connection: lane >> 1 };
  switch (kind) {
    case 'request':
      return requestStep(where, member, context);
    case 'reply':
      return replyStep(where, payload, context);
    case 'closed':
    case 'hangup':
      return { step: kind, ...where };
    default:
      return undefined;
  }
}

function phaseStep(atUs: number, payload: string): Step | undefined {
  const phase = payload as 'ending' | 'healed' | 'over';
  return { step: 'phase', atUs, phase };
}

function replyStep(where: OnConnection, text: string, context: Context): Step | undefined {
  const { client, server, atUs } = where;
  const late = takeMessage(context, server, client, atUs, text)?.fate === 'receiver-down';
  if (isAnswerToHeartbeat(where, text, context)) return undefined;
  return { step: 'reply', ...where, text, late };
}

function requestStep(
  where: OnConnection,
  member: number | undefined,
  context: Context,
): RequestStep | undefined {
  const { client, server, atUs } = where;
  const message = takeMessage(context, client, server, atUs);
  if (message === undefined) return undefined;
  const { text, fate } = message;
  const to = member === undefined ? {} : { member };
  const common = { step: 'request', ...where, ...to, text, cut: false } as const;
  if (fate === 'lost') return { ...common, fate: 'lost', answered: false, cut: true };
  if (fate === 'receiver-down' && isHeartbeat(text)) return undefined;
  if (fate === 'receiver-down') return { ...common, fate: 'unheard', answered: false };
  const reply = takeReply(context, where, text);
  const error = context.errors.get(server);
  // Some errors are only for who has no session yet.
  if (error !== undefined && (reply === undefined || tells(reply.text, error))) {
    return { ...common, fate: 'refused', answered: true, error };
  }
  const asked = context.heartbeats.get(where.connection) ?? [];
  context.heartbeats.set(where.connection, [...asked, isHeartbeat(text)]);
  if (isHeartbeat(text)) return { ...common, fate: 'applied', answered: false };
  const cut = reply?.fate === 'lost' && reply.endedAtUs === atUs;
  return { ...common, fate: 'applied', answered: reply !== undefined, cut };
}

/** What a server said at the instant at which it got a request, unless that answers another. */
function takeReply(
  { trace, replied }: Context,
  { client, server, atUs }: OnConnection,
  asked: string,
): TraceMessage | undefined {
  const reply = trace.messages.find(
    (message) =>
      message.from === server &&
      message.to === client &&
      message.sentAtUs === atUs &&
      !replied.has(message) &&
      mayAnswer(server, message.text, asked),
  );
  if (reply !== undefined) replied.add(reply);
  return reply;
}

/** Of a session of ZooKeeper: they are sent by clocks of their own, and pass by themselves. */
export function isHeartbeat(text: string): boolean {
  return text === 'ping';
}

function isAnswerToHeartbeat(
  { server, connection }: OnConnection,
  text: string,
  { heartbeats }: Context,
): boolean {
  if (serviceOf(server) !== 'zookeeper' || isNews(server, text)) return false;
  return heartbeats.get(connection)?.shift() === true;
}

/** Whether a reply is that error; services set its parts off by colons. */
function tells(reply: string, error: string): boolean {
  return reply.replaceAll(':', '').includes(error.replaceAll(':', ''));
}

/**
 * The message whose way from one to the other ended then, if there are several the one of that
 * text; those before it were lost on the way.
 */
function takeMessage(
  { messages }: Context,
  from: HostId,
  to: HostId,
  atUs: number,
  text?: string,
): TraceMessage | undefined {
  const way = messages.get(`${from} ${to}`) ?? [];
  const ended = way.filter(({ endedAtUs }) => endedAtUs === atUs);
  const message = ended.find((one) => one.text === text) ?? ended[0];
  if (message !== undefined) way.splice(way.indexOf(message), 1);
  return message;
}

function recordStep({ record, atUs }: LogEntry, context: Context): Step | undefined {
  if (record === undefined) return undefined;
  switch (record.type) {
    case 'host':
      return hostStep(record, context);
    case 'fault':
      return faultStep(record, context);
    case 'lease': {
      const { lease, server, termUs } = record;
      if (typeof termUs !== 'number') return undefined;
      context.terms.set(lease, { atUs, server, termUs });
      return { step: 'lease', atUs, lease, server };
    }
    case 'lease-end': {
      const term = context.terms.get(record.lease);
      if (record.cause !== 'expired' || term === undefined) return undefined;
      const { server } = term;
      const termUs = lastedUs(term, atUs, context.trace);
      return { step: 'expiry', atUs, lease: record.lease, server, termUs };
    }
    default: {
      const client = 'client' in record ? record.client : undefined;
      if (client === undefined || !OF_CLIENTS.has(record.type)) return undefined;
      // A dead client's calls are ended by the simulator, not by itself.
      if (context.dead.has(client)) return undefined;
      return { step: 'record', atUs, client, record };
    }
  }
}

/** A lease may end before its term because somebody gave its key a shorter one. */
function lastedUs({ atUs, server, termUs }: Term, endUs: number, { scenario }: Trace): number {
  const isOnTime = !scenario.faults.some(
    (fault) => fault.class.startsWith('clock-') && 'host' in fault && fault.host === server,
  );
  return isOnTime ? Math.min(termUs, endUs - atUs) : termUs;
}

function hostStep(
  { atUs, host: client, state, incarnation }: Extract<HistoryRecord, { type: 'host' }>,
  { dead, trace }: Context,
): Step | undefined {
  if (state === 'dead') dead.add(client);
  else dead.delete(client);
  const wanted = state === 'dead' ? 'client-crash' : 'pause';
  const fault = trace.scenario.faults.find(
    (one) =>
      one.class === wanted &&
      one.host === client &&
      isByItself(one, trace.scenario) &&
      !struck(one, trace, atUs),
  );
  const step = { step: 'host', atUs, client, state, incarnation } as const;
  const strikes = state === 'paused' || state === 'dead';
  return strikes && fault !== undefined ? { ...step, byItself: fault.id } : step;
}

/** Whether a fault struck at another instant than this one. */
function struck({ id }: Fault, { history }: Trace, atUs: number): boolean {
  const start = history.records.find(
    (record) => record.type === 'fault' && record.fault === id && record.edge === 'start',
  );
  return start !== undefined && start.atUs !== atUs;
}

function faultStep(
  { atUs, fault: id, edge }: Extract<HistoryRecord, { type: 'fault' }>,
  { trace, errors }: Context,
): Step | undefined {
  const fault = trace.scenario.faults.find((one) => one.id === id);
  if (fault === undefined || edge === 'touched') return undefined;
  if (fault.class === 'server-error') {
    if (edge === 'start') errors.set(fault.host, fault.error);
    else errors.delete(fault.host);
  }
  return { step: 'fault', atUs, fault, edge, byItself: isByItself(fault, trace.scenario) };
}

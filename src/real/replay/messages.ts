/**
 * What a story does to messages: each waits at its proxy until its turn, and then goes on, is lost
 * or is refused. Where another one comes, or none, the run has gone another way.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { RESOURCE_ID } from '../../sim/resource.js';
import type { SentLine } from '../client/job.js';
import type { WireEvent, WireRequest } from '../history/wire.js';
import type { Frame } from '../proxy/framing.js';
import type { Stage } from '../stage/stage.js';
import { Deviation } from './deviation.js';
import { type Ears, type Line, passBehind } from './ears.js';
import { overtakenBy } from './overtaking.js';
import type { Pending } from './pending.js';
import { Likeness } from './same.js';
import { isHeartbeat, type RequestStep, type Step } from './score.js';

/** How much later than in its story something may come before it counts as not coming. */
export const PATIENCE_MS = 2_000;
/** As late as a client of a slow machine is. */
const SENT_MS = 250;
/** A call that blocks has reached its server by then. */
const APPLIED_MS = 20;

type OfConnection = Extract<Step, { readonly connection: number }>;

/** A union without a field of each of its members. */
type DistributiveOmit<T, K extends keyof T> = T extends unknown ? Omit<T, K> : never;

export class Messages {
  /** What servers applied, in order. */
  readonly wire: WireRequest[] = [];
  /** What was done to servers and connections. */
  readonly events: WireEvent[] = [];
  /** The first thing said otherwise than in the story that did not stop it. */
  otherwise: Deviation | undefined;
  lastApplied: WireRequest | undefined;
  /** Connections as the story numbers them. */
  private readonly byStory = new Map<number, Line>();
  private known: Likeness | undefined;

  constructor(
    private readonly stage: Stage,
    private readonly ears: Ears,
    /** The whole story. */
    private readonly steps: readonly Step[],
  ) {
    ears.onPassed = (line, frame) => this.passed(line, frame);
  }

  /** Once the stage is open: what its servers count is known then. */
  private get likeness(): Likeness {
    this.known ??= new Likeness(this.stage.countingOthers);
    return this.known;
  }

  happened<E extends DistributiveOmit<WireEvent, 'atUs'>>(event: E): E {
    const happened = { atUs: this.stage.nowUs(), ...event };
    this.events.push(happened as WireEvent);
    return happened;
  }

  async request(step: RequestStep): Promise<void> {
    const { client, server, fate, atUs, text } = step;
    if (isHeartbeat(text)) {
      if (fate === 'lost') this.endServer(this.byStory.get(step.connection), step.connection);
      return;
    }
    // A server that is down refuses connections: the request may never leave its client.
    if (fate === 'unheard') return this.unheard(step);
    const line = await this.lineOf(step);
    const frame = line && (await this.nextLike(line, line.requests, text));
    if (line === undefined || frame === undefined) {
      throw new Deviation(`${client} did not send to ${server}: ${shortened(text)}`, atUs);
    }
    if (server !== RESOURCE_ID && !this.likeness.same(server, frame.text, text)) {
      const sent = `${client} sent to ${server}: ${shortened(frame.text)}`;
      throw new Deviation(`${sent}, not: ${shortened(text)}`, atUs);
    }
    const sent = this.ears.takeSent(client, server, frame);
    if (fate === 'applied') await this.apply(step, line, frame, sent);
    else if (fate === 'refused') await this.refuse(step, line, frame, sent);
    if (step.cut) this.endServer(line, step.connection);
  }

  /** Waits a little for a request on a connection that is open: it is late, or does not come. */
  async sent({ connection, text }: RequestStep): Promise<void> {
    if (isHeartbeat(text)) return;
    await this.byStory.get(connection)?.requests.peek(0, SENT_MS);
  }

  private async unheard(step: RequestStep): Promise<void> {
    const line = this.byStory.get(step.connection);
    await pause(1);
    const frame = line?.requests.take();
    if (frame !== undefined) this.ears.takeSent(step.client, step.server, frame);
  }

  private async apply(
    step: RequestStep,
    line: Line,
    frame: Frame,
    sent: SentLine | undefined,
  ): Promise<void> {
    const { client, server, atUs, answered } = step;
    const entry = this.entryOf(step, line, frame, sent);
    line.tunnel.forward(frame);
    if (answered) {
      const reply = await this.answerTo(line, frame);
      if (reply === undefined) {
        throw new Deviation(`${server} did not answer ${client}: ${shortened(frame.text)}`, atUs);
      }
      entry.reply = reply.text;
    } else await pause(APPLIED_MS);
    this.done(line, frame, entry);
    if (server === RESOURCE_ID) return;
    this.lastApplied = entry;
    this.stage.servers.get(server)?.applied(atUs);
  }

  /** A heartbeat: its server has applied it, whatever the story is waiting for. */
  private passed(line: Line, frame: Frame): void {
    const { connection, tunnel } = line;
    if (connection === undefined) return;
    const { client, server } = tunnel;
    this.wire.push(this.entryOf({ client, server, connection }, line, frame, undefined));
  }

  /** The server answers with an error: itself, if it must know of it. */
  private async refuse(
    step: RequestStep,
    line: Line,
    frame: Frame,
    sent: SentLine | undefined,
  ): Promise<void> {
    const { error = '', connection } = step;
    const refusal = line.tunnel.refusal(error, frame);
    const entry = this.entryOf(step, line, frame, sent, error);
    if ('instead' in refusal) {
      line.tunnel.forward(refusal.instead);
      await this.answerTo(line, frame);
    } else if (refusal.reply !== undefined) line.replies.add(refusal.reply);
    this.done(line, frame, entry);
    if ('ends' in refusal) this.endServer(line, connection);
  }

  private entryOf(
    { client, server, connection }: Pick<RequestStep, 'client' | 'server' | 'connection'>,
    line: Line,
    { text, body }: Frame,
    sent: SentLine | undefined,
    refused?: string,
  ): WireRequest {
    const earliestUs = this.stage.nowUs();
    return {
      client,
      incarnation: line.incarnation,
      server,
      connection,
      pooler: line.tunnel.pooler,
      member: line.member,
      text,
      body,
      refused,
      operation: sent?.operation ?? '',
      action: sent?.action,
      sentAtUs: sent?.atUs ?? earliestUs,
      earliestUs,
      latestUs: earliestUs,
      reply: undefined,
      deliveredAtUs: undefined,
    };
  }

  /** The answer to what was passed on last, which stays. */
  private answerTo({ replies, unanswered }: Line, { call }: Frame): Promise<Frame | undefined> {
    if (call !== undefined) return replies.peek(0, PATIENCE_MS, (reply) => reply.call === call);
    return replies.peek(unanswered.length, PATIENCE_MS, ({ isNews }) => isNews !== true);
  }

  /** The next message: where they come in any order, the one that says what the story says. */
  private async nextLike(
    { tunnel }: Line,
    messages: Pending<Frame>,
    text: string,
  ): Promise<Frame | undefined> {
    if (tunnel.isOrdered) return messages.next(PATIENCE_MS);
    const fits = ({ text: real }: Frame) => this.likeness.mayBe(tunnel.server, real, text);
    return (await messages.next(PATIENCE_MS, fits)) ?? messages.take();
  }

  private done(line: Line, { call }: Frame, entry: WireRequest): void {
    entry.latestUs = this.stage.nowUs();
    line.unanswered.push({ call, entry });
    if (entry.server !== RESOURCE_ID) this.wire.push(entry);
  }

  async reply(step: Extract<Step, { readonly step: 'reply' }>): Promise<void> {
    const { client, server, text, atUs, connection, late } = step;
    const line = this.byStory.get(connection);
    const frame = line && (await this.nextLike(line, line.replies, text));
    if (line === undefined || frame === undefined) {
      throw new Deviation(`${server} did not answer ${client}: ${shortened(text)}`, atUs);
    }
    // What a server answers otherwise matters only by what a client makes of it.
    if (server !== RESOURCE_ID && !this.likeness.same(server, frame.text, text)) {
      const answered = `${server} answered ${client}: ${shortened(frame.text)}`;
      this.otherwise ??= new Deviation(`${answered}, not: ${shortened(text)}`, atUs);
    }
    const entry = answeredBy(frame, line);
    if (entry !== undefined) {
      entry.reply = frame.text;
      if (!late) entry.deliveredAtUs = this.stage.nowUs();
    }
    if (!late) line.tunnel.deliver(frame);
    passBehind(line);
  }

  closed({ connection }: OfConnection): void {
    const line = this.byStory.get(connection);
    line?.tunnel.closeClient();
    this.left(line, connection);
    this.endServer(line, connection);
  }

  /** The client has gone, or is about to notice that it waits in vain. */
  async hangup({ connection }: OfConnection): Promise<void> {
    const line = this.byStory.get(connection);
    const end = this.stage.nowUs() + PATIENCE_MS * 1_000;
    while (line?.tunnel.clientOpen && this.stage.nowUs() < end) await pause(1);
    this.left(line, connection);
    this.endServer(line, connection);
  }

  private left(line: Line | undefined, connection: number): void {
    if (line !== undefined)
      this.happened({ server: line.tunnel.server, event: 'left', connection });
  }

  private endServer(line: Line | undefined, connection: number): void {
    if (line?.tunnel.serverOpen !== true) return;
    line.tunnel.endServer();
    this.happened({ server: line.tunnel.server, event: 'hangup', connection });
  }

  /** The connection that the story means: if it is not known, a new one of that client. */
  private async lineOf(step: RequestStep): Promise<Line | undefined> {
    const { client, server, connection } = step;
    const known = this.byStory.get(connection);
    if (known !== undefined) return known;
    const fresh = this.ears.freshOf(client, server);
    const overtaken = overtakenBy(step, this.steps).filter((one) => !this.byStory.has(one));
    const line = await fresh.peek(overtaken.length, PATIENCE_MS);
    if (line === undefined) return undefined;
    await fresh.next(PATIENCE_MS, (one) => one === line);
    line.connection = connection;
    this.byStory.set(connection, line);
    await this.lead(line, step);
    return line;
  }

  /** To one server of an ensemble, where there is one. */
  private async lead(line: Line, { server, member }: RequestStep): Promise<void> {
    const place = member && this.stage.servers.get(server)?.placeOf?.(member);
    if (place === undefined || place === 0) return;
    line.member = member;
    line.tunnel.lead(await place);
  }
}

/** The request that a reply is for. */
function answeredBy({ isNews, call }: Frame, { unanswered }: Line): WireRequest | undefined {
  if (isNews) return undefined;
  const at = unanswered.findIndex((one) => one.call === call);
  return at < 0 ? undefined : unanswered.splice(at, 1)[0]!.entry;
}

/** A command that holds a script would fill the screen. */
function shortened(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 117)}…`;
}

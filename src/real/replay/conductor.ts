/**
 * Enforces the order of a story on real servers: holds every message until its turn, lets clients
 * stop where the story says, and does to servers what its faults do. Where a client says or sends
 * something else, or nothing, the run has gone another way, and that is the result.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { FailoverFault, HostId, PartitionFault, Struck } from '../../fault.js';
import type { HistoryRecord, LeaseId } from '../../history.js';
import { serviceOf } from '../../service.js';
import { PROBE } from '../../sim/simulated-run.js';
import type { WireEvent, WireRequest } from '../history/wire.js';
import type { Stage } from '../stage/stage.js';
import { Deviation } from './deviation.js';
import type { Ears } from './ears.js';
import { sentInVain } from './in-vain.js';
import { Messages, PATIENCE_MS } from './messages.js';
import { gist } from './same.js';
import type { Step } from './score.js';

/** Longer than the longest TTL of a staged story and the start of a server. */
const STEP_LIMIT_MS = 60_000;
/** How long the end of a story is listened to. */
const LINGER_MS = 40;

type OfHost = Extract<Step, { readonly step: 'host' }>;
type OfFault = Extract<Step, { readonly step: 'fault' }>;
type OfExpiry = Extract<Step, { readonly step: 'expiry' }>;

export class Conductor {
  private readonly messages: Messages;
  /** How far the real run was behind its story after each step; negative: ahead of it. */
  readonly lagsUs: number[] = [];
  /** When the world was healed, if the story got there. */
  healedAtUs: number | undefined;
  /** When each lease was made or extended last, for its server's clock. */
  private readonly leases = new Map<
    LeaseId,
    { readonly atUs: number; readonly offsetUs: number }
  >();
  /** Partitions that are over. */
  private readonly mended: PartitionFault[] = [];
  /** When each client was paused last. */
  private readonly paused = new Map<
    HostId,
    { readonly storyUs: number; readonly realUs: number }
  >();
  /** Since when each replica lags. */
  private readonly detachedAtUs = new Map<string, number>();

  /** Servers that hand over to a replica, or have. */
  private readonly handingOver = new Map<HostId, Promise<void>>();

  constructor(
    private readonly stage: Stage,
    private readonly ears: Ears,
    private readonly steps: readonly Step[],
  ) {
    this.messages = new Messages(stage, ears, steps);
  }

  get wire(): readonly WireRequest[] {
    return this.messages.wire;
  }

  get events(): readonly WireEvent[] {
    return this.messages.events;
  }

  /** The first thing said otherwise than in the story that did not stop it. */
  get otherwise(): Deviation | undefined {
    return this.messages.otherwise;
  }

  /**
   * Plays the steps, up to that instant of the story; throws a `Deviation` where the run goes
   * another way.
   */
  async play(untilUs: number): Promise<void> {
    this.stage.begin();
    for (const [at, step] of this.steps.entries()) {
      await this.untilDue(step.atUs);
      for (const request of sentInVain(this.steps, at)) await this.messages.sent(request);
      await this.inTime(step);
      this.lagsUs.push(this.stage.nowUs() - step.atUs);
    }
    await Promise.all(this.handingOver.values());
    // What clients say last is not waited for: some of it comes by itself.
    await this.untilDue(untilUs + (this.lagsUs.at(-1) ?? 0));
    await pause(LINGER_MS);
  }

  /** No step takes longer than what it waits for, and a server to start. */
  private async inTime(step: Step): Promise<void> {
    const over = new AbortController();
    const late = pause(STEP_LIMIT_MS, 'late' as const, { signal: over.signal, ref: false });
    const outcome = await Promise.race([this.perform(step), late.catch(() => 'over' as const)]);
    over.abort();
    if (outcome === 'late') {
      const what = `a step of the story (${step.step}) was not over within`;
      throw new Deviation(`${what} ${STEP_LIMIT_MS / 1_000} s`, step.atUs);
    }
  }

  private async untilDue(atUs: number): Promise<void> {
    const leftUs = atUs - this.stage.nowUs();
    if (leftUs >= 1_000) await pause(leftUs / 1_000);
  }

  private async perform(step: Step): Promise<void> {
    await this.handedOver(step);
    if ('connection' in step) this.letGo(step);
    switch (step.step) {
      case 'request':
        return this.messages.request(step);
      case 'reply':
        return this.messages.reply(step);
      case 'closed':
        return this.messages.closed(step);
      case 'hangup':
        return this.messages.hangup(step);
      case 'record':
        return this.record(step);
      case 'fault':
        return this.fault(step);
      case 'host':
        return this.host(step);
      case 'lease':
        return this.lease(step.lease, step.server);
      case 'expiry':
        return this.expiry(step);
      case 'phase':
        return this.phase(step.phase);
      case 'detach':
        return this.detach(step);
      default:
        throw new TypeError(`no such step: ${(step satisfies never as Step).step}`);
    }
  }

  private letGo({ client, server }: Extract<Step, { readonly connection: number }>): void {
    for (const over of this.mended) {
      if (over.client === client && over.server === server) this.ears.passHeartbeats(over);
    }
  }

  // What clients do by themselves.

  private async record({ client, record, atUs }: Extract<Step, { step: 'record' }>): Promise<void> {
    const wanted = gist(record);
    const heard = await this.ears.voice(client).records.next(PATIENCE_MS);
    if (heard === undefined) throw new Deviation(`it did not happen: ${wanted}`, atUs);
    const got = gist(heard);
    if (got === wanted) return;
    const deviation = new Deviation(`${got}, where in the story ${wanted}`, atUs);
    if (!isSameEnd(heard, record)) throw deviation;
    this.messages.otherwise ??= deviation;
  }

  private async host({ client, state, incarnation, byItself, atUs }: OfHost): Promise<void> {
    const handle = this.stage.clients.get(client);
    if (byItself !== undefined) {
      const strike = await this.ears
        .voice(client)
        .strikes.next(PATIENCE_MS, (one) => one === byItself);
      if (strike === undefined) {
        throw new Deviation(`${client} did not come to the call at which it is ${state}`, atUs);
      }
    }
    if (state === 'resumed') await this.untilRested(client, atUs);
    const recordedAtUs = this.stage.nowUs();
    if (state === 'paused') this.paused.set(client, { storyUs: atUs, realUs: recordedAtUs });
    switch (state) {
      case 'paused':
        if (byItself === undefined) handle?.pause();
        break;
      case 'resumed':
        handle?.resume();
        break;
      case 'dead':
        await handle?.end();
        break;
      default:
        await this.revive(client, incarnation);
    }
    this.ears.records.push({ type: 'host', atUs: recordedAtUs, host: client, incarnation, state });
  }

  /** A pause lasts as long as in the story, also one that began late. */
  private async untilRested(client: HostId, atUs: number): Promise<void> {
    const paused = this.paused.get(client);
    if (paused !== undefined) await this.untilDue(paused.realUs + atUs - paused.storyUs);
  }

  private async revive(client: HostId, incarnation: number): Promise<void> {
    const voice = this.ears.voice(client);
    voice.incarnation = incarnation;
    const begun = new Set(
      this.ears.records.flatMap((record) =>
        record.type === 'invoke' && record.client === client ? [record.operation] : [],
      ),
    );
    await this.stage.bringUp(client, incarnation);
    this.stage.go(client, begun.size);
  }

  private async phase(phase: 'ending' | 'healed' | 'over'): Promise<void> {
    if (phase === 'ending') this.stage.end();
    else if (phase === 'healed') {
      this.healedAtUs = this.stage.nowUs();
      this.stage.go(PROBE);
    }
  }

  // What the story does to servers and clocks.

  private async fault(step: OfFault): Promise<void> {
    const { fault, edge, byItself, atUs } = step;
    const record = { type: 'fault', atUs: this.stage.nowUs(), fault: fault.id } as const;
    this.ears.records.push({ ...record, class: fault.class, edge });
    const server = 'host' in fault ? this.stage.servers.get(fault.host) : undefined;
    switch (fault.class) {
      case 'server-crash':
        if (edge === 'start') {
          await this.stage.reach(fault.host, false);
          await server?.crash(atUs);
          this.messages.happened({ server: fault.host, event: 'crash' });
        } else {
          await server?.restart();
          this.messages.happened({ server: fault.host, event: 'restart' });
          await this.stage.reach(fault.host, true);
        }
        return;
      case 'clock-step':
        if (edge !== 'start') return;
        if (server !== undefined) {
          await server.stepClock(fault.byUs);
          this.messages.happened({ server: fault.host, event: 'step', byUs: fault.byUs });
        } else if (!byItself) this.stage.stepClient(fault.host, fault.byUs);
        return;
      case 'clock-drift': {
        const ratePpm = edge === 'start' ? fault.ppm : 0;
        if (server !== undefined) {
          await server.setRate(ratePpm);
          this.messages.happened({ server: fault.host, event: 'rate', ratePpm });
        } else this.stage.driftClient(fault.host, ratePpm);
        return;
      }
      case 'failover':
        return this.failover(fault, step);
      case 'partition':
        // What was held comes some time after its end, with the first message that does.
        if (edge === 'start') this.ears.holdHeartbeats(fault);
        else this.mended.push(fault);
        return;
      default:
        // The messages, and the clients themselves, tell of the others.
        return;
    }
  }

  private async detach({ server, replica }: Extract<Step, { step: 'detach' }>): Promise<void> {
    await this.stage.servers.get(server)!.detach(replica);
    this.detachedAtUs.set(`${server} ${replica}`, this.stage.nowUs());
  }

  private async failover(fault: FailoverFault, { edge, struck }: OfFault): Promise<void> {
    const { host: id, replica } = fault;
    const server = this.stage.servers.get(id);
    if (edge === 'end') {
      if (server?.heal === undefined) return;
      await server.heal();
      this.messages.happened({ server: id, event: 'healed' });
      return;
    }
    const handOver = async () => {
      await server?.promote(replica, struck);
      this.promoted(fault, struck, server?.electedAfterUs);
      this.stage.moved(id);
    };
    if (serviceOf(id) !== 'redis') return handOver();
    // Clients hear at once that they are cut off, and who connects meanwhile waits.
    const handingOver = handOver();
    this.handingOver.set(id, handingOver);
    handingOver.catch(() => {});
  }

  /** It is over at once in a simulation: what is done to that server next waits for it. */
  private async handedOver(step: Step): Promise<void> {
    if (step.step === 'phase') await Promise.all(this.handingOver.values());
    else if (step.step === 'fault' && 'host' in step.fault) {
      await this.handingOver.get(step.fault.host);
    } else if (step.step === 'detach' || (step.step === 'request' && step.fate !== 'unheard')) {
      await this.handingOver.get(step.server);
    }
  }

  /** Nothing is under way any more at a server, however the story ended: it can be stopped. */
  async rested(): Promise<void> {
    await Promise.allSettled(this.handingOver.values());
  }

  private promoted(
    { host: server, replica }: FailoverFault,
    struck: Struck | undefined,
    electedAfterUs: Promise<number> | undefined,
  ): void {
    const atUs = this.stage.nowUs();
    const lagUs = atUs - (this.detachedAtUs.get(`${server} ${replica}`) ?? atUs);
    const event = { server, event: 'promote' as const, replica, lagUs };
    const told = this.messages.happened({ ...event, ...(struck !== undefined && { struck }) });
    const isElected = (afterUs: number) => {
      told.struck = { ...struck, electedAfterUs: afterUs };
    };
    // A story may be over before.
    electedAfterUs?.then(isElected, () => {});
  }

  private lease(lease: LeaseId, server: HostId): void {
    const atUs = this.messages.lastApplied?.latestUs ?? this.stage.nowUs();
    const offsetUs = this.stage.servers.get(server)?.clockOffsetUs ?? 0;
    this.leases.set(lease, { atUs, offsetUs });
  }

  /** The lease ends by time: on its server's clock, and surely. */
  private async expiry({ lease, server, termUs }: OfExpiry): Promise<void> {
    const made = this.leases.get(lease);
    if (made === undefined) return;
    const { clockOffsetUs = 0, expiryMarginUs = 0 } = this.stage.servers.get(server) ?? {};
    const dueUs = made.atUs + termUs - (clockOffsetUs - made.offsetUs) + expiryMarginUs;
    const leftUs = Math.max(dueUs - this.stage.nowUs(), expiryMarginUs / 2);
    await pause(leftUs / 1_000);
  }
}

/** Both are ends of one call that gives back or extends: who makes something of it goes on so. */
function isSameEnd(real: HistoryRecord, story: HistoryRecord): boolean {
  const isEnd = (record: HistoryRecord) => ['ok', 'fail', 'info'].includes(record.type);
  if (!isEnd(real) || !isEnd(story) || !('action' in real) || !('action' in story)) return false;
  const { action, operation } = real;
  return action !== 'acquire' && action === story.action && operation === story.operation;
}

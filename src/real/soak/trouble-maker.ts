/**
 * The nemesis of a soak: at random moments it stops a client for a while, kills it and starts it
 * again, cuts connections and ways, makes servers late, lets them refuse or crash, steps clocks.
 * What it does, and when, a seed says; what comes of it, nobody can repeat.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { FaultClass, HostId } from '../../fault.js';
import type { FaultRecord, InvokeRecord } from '../../history.js';
import { mix, type SeedKey, scale } from '../../random.js';
import { SERVER_ERRORS } from '../../search/server-errors.js';
import { serviceOf } from '../../service.js';
import { PROBE } from '../../sim/simulated-run.js';
import type { FreeRun } from '../check/free-run.js';
import type { Loss } from '../check/ways.js';
import { ServerTrouble } from '../servers/trouble.js';
import type { Stage } from '../stage/stage.js';

/** What it can do. */
export const TROUBLES = [
  'pause',
  'clock-step',
  'client-crash',
  'server-crash',
  'partition',
  'delay',
  'lost-request',
  'lost-reply',
  'server-error',
] as const satisfies readonly FaultClass[];
export type Trouble = (typeof TROUBLES)[number];

/** Of the trouble maker in addresses. */
const SUBJECT = 92;
/** Between two troubles. */
const REST_MS = [20, 250] as const;
const DELAY_MS = [1, 60] as const;
const RESTART_MS = [1, 300] as const;
/** A client does to itself what it is told to when it comes to its next event. */
const STRIKE_LIMIT_MS = 5_000;
/** Pauses and partitions last up to so many TTLs, what servers do up to so many. */
const AWAY_TTLS = 1.5;
const SERVER_TTLS = 0.5;
/** Clocks are stepped by up to so many. */
const STEP_TTLS = 3;

export class TroubleMaker {
  /** How often each has struck. */
  readonly made = new Map<Trouble, number>();
  /** By how much clocks have been stepped, all in all. */
  steppedUs = 0;
  private drawn = 0;
  private strikes = 0;
  private readonly over = new AbortController();
  private failure: ServerTrouble | undefined;
  /** Clients and servers that something is being done to. */
  private readonly away = new Set<HostId>();
  private readonly pending = new Set<Promise<void>>();
  private readonly troubles: readonly Trouble[];

  constructor(
    private readonly stage: Stage,
    private readonly free: FreeRun,
    private readonly clients: readonly HostId[],
    private readonly ttlMs: number,
    troubles: readonly Trouble[],
    private readonly key: SeedKey,
  ) {
    // As in a campaign each is off in half of the rounds, unless it is the only one.
    const on = troubles.filter((_trouble, index) => scale(mix(key, SUBJECT, 1, 0, index), 2) === 1);
    this.troubles = on.length === 0 ? troubles : on;
  }

  /** Makes trouble until `stop`. */
  async begin(): Promise<void> {
    while (this.troubles.length > 0) {
      await this.rest(this.between(...REST_MS));
      if (this.over.signal.aborted) return;
      const one = this.strike(this.of(this.troubles)).catch((error) => {
        // What a server that did not come back stops is not for the lock to answer for.
        if (error instanceof ServerTrouble) this.failure ??= error;
      });
      this.pending.add(one);
      void one.then(() => this.pending.delete(one));
    }
  }

  /** Nothing new, and what lasts ends now; resolves when it has. */
  async stop(): Promise<void> {
    this.over.abort();
    this.free.ways.calm();
    await Promise.all(this.pending);
    if (this.failure !== undefined) throw this.failure;
  }

  /** Sleeps for so long, or until all is to end. */
  private async rest(forMs: number): Promise<void> {
    await pause(forMs, undefined, { signal: this.over.signal }).catch(() => {});
  }

  private async strike(trouble: Trouble): Promise<void> {
    const client = this.of(this.clients);
    const server = this.of([...this.stage.servers.keys()]);
    switch (trouble) {
      case 'pause':
        return this.alone(client, () => this.pauses(client));
      case 'client-crash':
        return this.alone(client, () => this.crashes(client));
      case 'server-crash':
        return this.alone(server, () => this.crashesServer(server));
      case 'server-error':
        return this.alone(server, () => this.refuses(server));
      case 'lost-request':
      case 'lost-reply':
        return this.loses(client, server, trouble);
      case 'partition':
        return this.parts(client, server);
      case 'delay':
        return this.lasts(trouble, () => this.free.hold(server, this.between(...DELAY_MS)));
      case 'clock-step':
        return this.lasts(trouble, () => this.steps(client));
      default:
        throw new TypeError(`no such trouble: ${trouble satisfies never as FaultClass}`);
    }
  }

  /** Nothing else is done to that host meanwhile; if something is, this is not done. */
  private async alone(host: HostId, act: () => Promise<void>): Promise<void> {
    if (this.away.has(host)) return;
    this.away.add(host);
    try {
      await act();
    } finally {
      this.away.delete(host);
    }
  }

  /** Something that strikes now, and has ended when `act` has. */
  private async lasts(trouble: Trouble, act: () => Promise<void> | void): Promise<void> {
    const end = this.struck(trouble);
    await act();
    end();
  }

  /** A fault has struck: what a history needs to hold it against the lock, or not. */
  private struck(trouble: Trouble): () => void {
    this.made.set(trouble, (this.made.get(trouble) ?? 0) + 1);
    const fault = `f${++this.strikes}`;
    const record = (edge: FaultRecord['edge']) =>
      this.free.records.push({
        type: 'fault',
        atUs: this.stage.nowUs(),
        fault,
        class: trouble,
        edge,
      });
    record('start');
    return () => record('end');
  }

  private pauses(host: HostId): Promise<void> {
    return this.lasts('pause', async () => {
      const handle = this.stage.clients.get(host)!;
      const durationUs = this.between(1, this.ttlMs * AWAY_TTLS) * 1_000;
      const id = `f${this.strikes}`;
      const at = { atUs: this.stage.nowUs() };
      handle.tell({ strikes: { id, class: 'pause', host, at, durationUs } });
      if (!(await this.hasStruck(host, id))) return;
      this.note(host, 'paused');
      await this.rest(durationUs / 1_000);
      handle.resume();
      this.note(host, 'resumed');
    });
  }

  /** Whether a client has said that it does that to itself now; waited for until all is to end. */
  private async hasStruck(client: HostId, id: string): Promise<boolean> {
    const { strikes } = this.free.voice(client);
    do {
      if ((await strikes.next(STRIKE_LIMIT_MS, (fault) => fault === id)) !== undefined) return true;
    } while (!this.over.signal.aborted);
    return false;
  }

  private crashes(host: HostId): Promise<void> {
    return this.lasts('client-crash', async () => {
      const handle = this.stage.clients.get(host)!;
      const restartMs = this.between(...RESTART_MS);
      const id = `f${this.strikes}`;
      const at = { atUs: this.stage.nowUs() };
      const restartAfterUs = restartMs * 1_000;
      handle.tell({
        strikes: { id, class: 'client-crash', host, at, mode: 'kill', restartAfterUs },
      });
      await handle.isOver(STRIKE_LIMIT_MS);
      await handle.end();
      this.note(host, 'dead');
      for (const call of this.openCalls(host)) this.endInDoubt(call);
      await this.rest(restartMs);
      const voice = this.free.voice(host);
      voice.incarnation++;
      const begun = new Set(
        this.invocations(host).map(({ operation }) => Number(operation.slice(1))),
      );
      await this.stage.bringUp(host, voice.incarnation);
      this.note(host, 'restarted');
      this.stage.go(host, Math.max(0, ...begun));
    });
  }

  /** It goes when it has nothing under way, and gets no requests before it is back. */
  private crashesServer(id: HostId): Promise<void> {
    const { stage, free } = this;
    const server = stage.servers.get(id)!;
    return free.inTurn(id, () =>
      this.lasts('server-crash', async () => {
        await stage.reach(id, false);
        // What it keeps hangs on when that was, for the server and for its model.
        const atUs = stage.nowUs();
        await server.crash(atUs);
        free.happened({ server: id, event: 'crash' }, atUs);
        await this.rest(this.between(1, this.ttlMs * SERVER_TTLS));
        await server.restart();
        free.happened({ server: id, event: 'restart' });
        await stage.reach(id, true);
      }),
    );
  }

  /** The first error of its service is one that all requests get, whatever they ask for. */
  private refuses(server: HostId): Promise<void> {
    const { errors } = this.free.ways;
    return this.lasts('server-error', async () => {
      errors.set(server, SERVER_ERRORS[serviceOf(server)!]![0]!);
      await this.rest(this.between(1, this.ttlMs * SERVER_TTLS));
      errors.delete(server);
    });
  }

  private loses(client: HostId, server: HostId, loss: Loss): void {
    this.free.ways.loseNext(client, server, loss, () => this.struck(loss)());
  }

  private async parts(client: HostId, server: HostId): Promise<void> {
    if (this.free.ways.isParted(client, server)) return;
    await this.lasts('partition', async () => {
      const mend = this.free.ways.part(client, server);
      await this.rest(this.between(1, this.ttlMs * AWAY_TTLS));
      mend();
    });
  }

  private steps(client: HostId): void {
    const mostUs = Math.round(this.ttlMs * STEP_TTLS * 1_000);
    const byUs = (this.below(2) === 0 ? 1 : -1) * (1_000 + this.below(mostUs));
    this.steppedUs += Math.abs(byUs);
    this.stage.stepClient(client, byUs);
  }

  private note(host: HostId, state: 'paused' | 'resumed' | 'dead' | 'restarted'): void {
    const { incarnation } = this.free.voice(host);
    const atUs = this.stage.nowUs();
    this.free.records.push({ type: 'host', atUs, host, incarnation, state });
  }

  private invocations(client: HostId): InvokeRecord[] {
    return this.free.records.filter(
      (record): record is InvokeRecord => record.type === 'invoke' && record.client === client,
    );
  }

  private openCalls(client: HostId): InvokeRecord[] {
    const ended = new Set(
      this.free.records.flatMap((record) =>
        record.type === 'ok' || record.type === 'fail' || record.type === 'info'
          ? [record.call]
          : [],
      ),
    );
    return this.invocations(client).filter(({ call }) => !ended.has(call));
  }

  /** A call that its client did not live to see the end of (docs/semantics.md, R8). */
  private endInDoubt({ call, client, operation, action }: InvokeRecord): void {
    this.free.records.push({
      type: 'info',
      atUs: this.stage.nowUs(),
      call,
      client,
      operation,
      action,
      reason: 'client died',
    });
  }

  private below(n: number): number {
    return scale(mix(this.key, SUBJECT, 0, 0, this.drawn++), n);
  }

  private between(leastMs: number, mostMs: number): number {
    return leastMs + this.below(Math.max(1, Math.round(mostMs - leastMs)));
  }

  private of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }
}

/** Clients that trouble is made for: the probe is none. */
export function troubled(stage: Stage): HostId[] {
  return [...stage.clients.keys()].filter((id) => id !== PROBE);
}

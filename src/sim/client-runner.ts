/**
 * Runs a client through its operations: calls the lock as the workload says, and writes down what
 * was called, what came of it, and every act inside the section (docs/semantics.md, R0, R2, R11).
 */
import { isCallFailure, mayHaveBeenApplied } from '../algorithms/call-failure.js';
import type { Environment } from '../algorithms/environment.js';
import type { AcquireOptions, Grant, Lock, Refusal } from '../algorithms/lock.js';
import type { HostId, OperationId } from '../fault.js';
import type { Action, CallId, Declarations, HistoryRecord, Mode } from '../history.js';
import type { OperationPlan } from '../scenario.js';
import type { Section, Workload, WorkloadClient } from '../workloads/workload.js';
import type { RunnerProcess, RunnerStore } from './client-process.js';
import { mustBeAnswer, mustBeHeld, mustBeLock } from './lock-answers.js';
import { type HeldGrant, SimSection } from './section.js';
import type { Death } from './stage.js';

/** A grant that a client holds, and the one that it is nested in. */
interface Held extends HeldGrant {
  section: SimSection | undefined;
  readonly outer: Held | undefined;
}

/** What all clients of a run share. */
export interface RunContext {
  readonly key: string;
  readonly ttlMs: number;
  readonly waitMs: number;
  /** Operations whose acquire returned a grant, with its owner id if it has one. */
  readonly leases: { readonly grants: Map<OperationId, string | undefined> };
  /** Numbers invocations. */
  nextCall(): CallId;
  /** A client is about to begin an operation; `false` if nothing new may start (R10). */
  mayBegin(): boolean;
  readonly declares: Declarations;
}

export class ClientRunner implements WorkloadClient {
  readonly key: string;
  readonly ttlMs: number;
  readonly waitMs: number;
  private readonly careless: boolean;
  /** Of the operation in progress. */
  private mode: Mode = 'exclusive';
  private hasAcquired = false;

  constructor(
    private readonly process: RunnerProcess,
    private readonly environment: Pick<Environment, 'sleep' | 'random'>,
    private readonly lock: Lock,
    private readonly workload: Workload,
    private readonly run: RunContext,
    private readonly store: RunnerStore,
    /** The probe of the healed phase acquires without limit. */
    private readonly unlimited: boolean,
  ) {
    this.key = run.key;
    this.ttlMs = run.ttlMs;
    this.waitMs = run.waitMs;
    this.careless = workload.careless ?? false;
  }

  get sharesToo(): boolean {
    return this.run.declares.readWrite === true;
  }

  /** Goes through the plans, from the host's next one on; resolves when there is none left. */
  async operations(plans: readonly OperationPlan[], progress: { next: number }): Promise<void> {
    const { host } = this.process;
    for (let index = progress.next; index < plans.length; index++) {
      const plan = plans[index]!;
      if (!this.run.mayBegin()) return;
      if (plan.gapUs > 0) await this.environment.sleep(plan.gapUs / 1_000);
      if (!this.process.alive || !this.run.mayBegin()) return;
      // An operation begun ahead of the world may never have begun (R4).
      host.reached(() => {
        progress.next = index + 1;
      });
      host.enterOperation(plan.id);
      this.mode = plan.mode;
      this.held = undefined;
      this.hasAcquired = false;
      try {
        await this.workload.operation(this, plan);
      } catch (error) {
        this.threw('the workload', error);
      }
      if (!this.process.alive) return;
      host.leaveOperation();
    }
  }

  async wait(us: number): Promise<boolean> {
    // The probe is there to get the lock (R10).
    if (this.unlimited) return true;
    await this.environment.sleep(us / 1_000);
    return this.run.mayBegin();
  }

  random(): number {
    return this.environment.random();
  }

  async acquire(mode: Mode = this.mode, waitMs = this.waitMs): Promise<Grant | Refusal> {
    const { process, ttlMs, unlimited, held } = this;
    if (held !== undefined && this.run.declares.reentrant !== true) {
      throw new TypeError('acquire: this client holds the lock, which is not declared reentrant');
    }
    if (mode !== 'exclusive' && !(mode === 'shared' && this.sharesToo)) {
      throw new TypeError(`acquire: this lock does not offer mode ${String(mode)}`);
    }
    if (held === undefined && this.hasAcquired) {
      throw new TypeError('acquire: an operation acquires once, and again only what it holds');
    }
    this.hasAcquired = true;
    const call = this.invoke('acquire', held?.call, ttlMs, unlimited ? null : waitMs, mode);
    process.action = 'acquire';
    let answer: Grant | Refusal;
    try {
      mustBeLock(this.lock);
      answer = await this.lock.acquire(this.key, this.optionsOf(mode, waitMs, held?.grant));
      mustBeAnswer(answer);
    } catch (error) {
      process.action = undefined;
      this.failed('acquire', call, error);
      return { granted: false, reason: messageOf(error) };
    }
    process.action = undefined;
    if (!process.alive) return answer;
    if (!answer.granted) {
      this.complete('fail', 'acquire', call, answer.reason || undefined);
      return answer;
    }
    if (held === undefined) this.run.leases.grants.set(process.host.operation, answer.ownerId);
    this.granted(call, answer);
    this.held = { grant: answer, call, mode, outer: held, section: undefined };
    return answer;
  }
  /** The grant of the last acquire, within those that it is nested in. */
  private held: Held | undefined;

  private optionsOf(mode: Mode, waitMs: number, holder: Grant | undefined): AcquireOptions {
    const { ttlMs } = this;
    if (holder !== undefined) return { ttlMs, waitMs, mode, holder };
    return this.unlimited ? { ttlMs, mode } : { ttlMs, waitMs, mode };
  }

  hold(grant: Grant, body: (section: Section) => Promise<boolean>): Promise<void> {
    return this.inside(grant, body, true);
  }

  forget(grant: Grant, body: (section: Section) => Promise<boolean>): Promise<void> {
    return this.inside(grant, body, false);
  }

  private async inside(
    grant: Grant,
    body: (section: Section) => Promise<boolean>,
    releases: boolean,
  ): Promise<void> {
    const { held } = this;
    if (held === undefined || held.grant !== grant) {
      throw new TypeError('hold: this is not the grant of the last acquire');
    }
    const { process, key, store, careless } = this;
    const section = new SimSection(process, held, key, store, this, careless);
    held.section = section;
    const completed = await body(section);
    section.leave(completed);
    // Who forgets still hears of the loss: it is the only end that the grant has. The probe that
    // must get the lock gives it back whatever the workload does (R10).
    if (releases || this.unlimited) {
      await this.release(grant, held.call);
      section.detach();
    }
    this.held = held.outer;
  }

  /** Calls `renew` of the grant; `undefined` if it threw. */
  async renew(grant: Grant, id: CallId, ttlMs = this.ttlMs): Promise<boolean | undefined> {
    if (grant.renew === undefined) return undefined;
    return this.settle('renew', id, ttlMs, () => grant.renew!(ttlMs));
  }

  private release(grant: Grant, id: CallId): Promise<boolean | undefined> {
    this.process.releasing = id;
    return this.settle('release', id, undefined, () => grant.release());
  }

  private async settle(
    action: 'renew' | 'release',
    grant: CallId,
    ttlMs: number | undefined,
    attempt: () => Promise<boolean>,
  ): Promise<boolean | undefined> {
    const { process } = this;
    const mode = this.held?.mode ?? this.mode;
    const call = this.invoke(action, grant, ttlMs, undefined, mode);
    process.action = action;
    try {
      const answer = await attempt();
      mustBeHeld(action, answer);
      process.action = undefined;
      this.complete(answer ? 'ok' : 'fail', action, call, answer ? undefined : 'lost');
      if (!answer) this.told(grant, action);
      return answer;
    } catch (error) {
      process.action = undefined;
      this.failed(action, call, error);
      return undefined;
    }
  }

  told(grant: CallId, how: 'signal' | 'renew' | 'release' | 'validity'): void {
    this.note({ type: 'told', atUs: this.process.host.frontierUs, grant, how });
  }

  /** Adds a record of this process; a dead one records nothing (R8). */
  note(record: HistoryRecord): void {
    if (this.process.alive) this.process.host.record(record);
  }

  private invoke(
    action: Action,
    grant: CallId | undefined,
    ttlMs: number | undefined,
    waitMs: number | null | undefined,
    mode: Mode,
  ): CallId {
    const { host, incarnation, alive } = this.process;
    const call = this.run.nextCall();
    if (!alive) return call;
    const { id: client, operation, frontierUs: atUs } = host;
    // What ended before the present is history; only what is ahead of the world can still be
    // undone.
    const { nowUs } = host.world;
    if (this.open.every(({ endedAtUs }) => endedAtUs <= nowUs)) this.open = [];
    this.open.push({
      call,
      action,
      operation,
      invokedAtUs: atUs,
      endedAtUs: Number.POSITIVE_INFINITY,
    });
    this.note({
      type: 'invoke',
      atUs,
      call,
      client,
      incarnation,
      operation,
      action,
      key: this.key,
      mode,
      ttlMs,
      waitMs,
      grant,
    });
    return call;
  }

  /** Calls that have not ended, or whose end is still ahead of the world. */
  private open: {
    readonly call: CallId;
    readonly action: Action;
    readonly operation: string;
    readonly invokedAtUs: number;
    endedAtUs: number;
  }[] = [];

  /** The process died: a call in progress then may or may not have taken effect (R8). */
  died({ atUs, wasAhead }: Death): void {
    const { id: client, world } = this.process.host;
    const reason = 'client died';
    const happened = (whenUs: number) =>
      whenUs !== Infinity && (!wasAhead || whenUs < atUs || whenUs <= world.nowUs);
    for (const { call, action, operation, invokedAtUs, endedAtUs } of this.open) {
      if (!happened(invokedAtUs) || happened(endedAtUs)) continue;
      const { host } = this.process;
      host.record(completion('info', atUs, call, client, operation, action, reason));
    }
  }

  private granted(call: CallId, grant: Grant): void {
    const { host } = this.process;
    this.ended(call);
    const { id: client, operation, frontierUs: atUs } = host;
    this.note({
      type: 'ok',
      atUs,
      call,
      client,
      operation,
      action: 'acquire',
      ownerId: grant.ownerId,
      fencingToken: grant.fencingToken,
      push: 'signal' in grant,
      pull: grant.validForMs !== undefined,
      reason: undefined,
    });
  }

  private complete(
    type: 'ok' | 'fail' | 'info',
    action: Action,
    call: CallId,
    reason: string | undefined,
  ): void {
    this.ended(call);
    const { id: client, operation, frontierUs: atUs } = this.process.host;
    this.note(completion(type, atUs, call, client, operation, action, reason));
  }

  private ended(call: CallId): void {
    if (!this.process.alive) return;
    for (const open of this.open)
      if (open.call === call) open.endedAtUs = this.process.host.frontierUs;
  }

  /**
   * The lock threw: definite if the server said no or nothing was sent, else it may have happened.
   */
  private failed(action: Action, call: CallId, error: unknown): void {
    const definite = isCallFailure(error) && !mayHaveBeenApplied(error);
    this.complete(definite ? 'fail' : 'info', action, call, messageOf(error));
    if (!isCallFailure(error)) this.threw(action, error);
  }

  /** Code under test threw something of its own: a finding if it is a mistake in the program. */
  threw(what: string, error: unknown): void {
    const { process } = this;
    if (!process.alive || !isMistake(error)) return;
    const { world, operation } = process.host;
    const message = `${what} threw ${describeError(error)} in ${operation}`;
    world.find('threw', message, process.name, world.locate?.(error));
  }
}

/** A call that ended without a grant. */
function completion(
  type: 'ok' | 'fail' | 'info',
  atUs: number,
  call: CallId,
  client: HostId,
  operation: OperationId,
  action: Action,
  reason: string | undefined,
): HistoryRecord {
  return {
    type,
    atUs,
    call,
    client,
    operation,
    action,
    ownerId: undefined,
    fencingToken: undefined,
    push: undefined,
    pull: undefined,
    reason,
  };
}

/** Errors that a program does not throw on purpose. */
function isMistake(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    error instanceof ReferenceError ||
    error instanceof RangeError ||
    error instanceof SyntaxError ||
    !(error instanceof Error)
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

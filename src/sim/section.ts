/**
 * A section of one grant: every act is an environment call, so a pause can strike between the check
 * and the act, and every act is recorded with the instant its call was entered (docs/semantics.md,
 * R2, R4, R11).
 */
import type { Grant } from '../algorithms/lock.js';
import type { CallId, Mode } from '../history.js';
import type { Cell } from '../invariant.js';
import type { Section } from '../workloads/workload.js';
import type { AccessReply, RunnerProcess, RunnerStore } from './client-process.js';
import { wrongValidity } from './lock-answers.js';
import { wrongSignal } from './wrong-answers.js';

/** What a section tells and asks of the runner of its client. */
export interface SectionOwner {
  renew(grant: Grant, id: CallId, ttlMs?: number): Promise<boolean | undefined>;
  told(grant: CallId, how: 'signal' | 'validity'): void;
  threw(what: string, error: unknown): void;
}

/** The grant of a section; `outer` is the one that it is nested in. */
export interface HeldGrant {
  readonly grant: Grant;
  readonly call: CallId;
  readonly mode: Mode;
  readonly outer: { readonly section: SimSection | undefined } | undefined;
}

export class SimSection implements Section {
  private readonly grant: Grant;
  private readonly id: CallId;
  /** Whether the grant can tell of a loss at all, and whether it has. */
  private readonly tells: boolean;
  private lost = false;
  private entered = false;
  private toldByCheck = false;
  /** What is being waited for inside: the signal ends it too (R15). */
  private readonly waits: Wait[] = [];

  constructor(
    private readonly process: RunnerProcess,
    private readonly held: HeldGrant,
    private readonly key: string,
    private readonly store: RunnerStore,
    private readonly owner: SectionOwner,
    /** It never looks whether the grant still holds (R15). */
    private readonly careless: boolean,
  ) {
    const { grant } = held;
    const { signal } = grant;
    this.grant = grant;
    this.id = held.call;
    this.tells = grant.onLost !== undefined || signal !== undefined;
    if (grant.onLost !== undefined) grant.onLost(this.onLoss);
    else if (signal?.aborted) this.onLoss();
    else if (signal?.addEventListener) signal.addEventListener('abort', this.onLoss);
    else if (signal !== undefined) owner.threw('acquire', wrongSignal(signal));
  }

  private readonly onLoss = (): void => {
    this.lost = true;
    if (this.over) return;
    this.owner.told(this.id, 'signal');
    for (const wait of this.waits.slice()) wait.end();
  };

  holds(): boolean {
    if (this.careless) return true;
    if (this.lost) return false;
    const { grant, id, process } = this;
    if (grant.validForMs === undefined) return true;
    const { host } = process;
    const calledAtUs = host.frontierUs;
    const validForMs = grant.validForMs();
    if (!process.alive) return false;
    const wrong = wrongValidity(validForMs);
    if (wrong !== undefined) {
      this.owner.threw('holds', wrong);
      return false;
    }
    host.record({ type: 'validity', atUs: host.frontierUs, calledAtUs, grant: id, validForMs });
    if (validForMs > 0) return true;
    if (!this.toldByCheck) this.owner.told(id, 'validity');
    this.toldByCheck = true;
    return false;
  }

  enter(): void {
    const { process, grant, id: call, key, held } = this;
    const { host, incarnation } = process;
    if (held.outer !== undefined && held.outer.section?.isInside !== true) {
      throw new TypeError('enter: a nested section is entered inside the one that it is nested in');
    }
    const calledAtUs = host.frontierUs;
    if (!process.enter()) return;
    this.entered = true;
    host.record({
      type: 'enter',
      atUs: host.frontierUs,
      calledAtUs,
      grant: call,
      client: host.id,
      incarnation,
      operation: host.operation,
      key,
      mode: held.mode,
      fencingToken: grant.fencingToken,
    });
  }

  private get isInside(): boolean {
    return this.entered && !this.left;
  }
  private left = false;

  read(cell?: Cell): Promise<number | undefined> {
    return this.access('read', cell, 0, valueRead, undefined);
  }

  write(value: number, cell?: Cell): Promise<boolean> {
    return this.access('write', cell, value, wasAccepted, false);
  }

  step(): void {
    this.takeStep(undefined, undefined);
  }

  /** Whether it was taken: a ghost takes none (R8). */
  private takeStep(access: 'read' | 'write' | undefined, cell: Cell | undefined): boolean {
    const { process, id: grant } = this;
    const { host } = process;
    const calledAtUs = host.frontierUs;
    if (!process.enter()) return false;
    const { id: client, frontierUs: atUs } = host;
    host.record({ type: 'step', atUs, calledAtUs, grant, client, access, cell });
    return true;
  }

  wait(us: number): Promise<void> {
    const { process } = this;
    if (!process.enter()) return new Promise(() => {});
    if (this.lost) return Promise.resolve();
    return new Promise((resolve) => {
      const wait = new Wait(process, this.waits, resolve);
      wait.timer = process.setTimer(Math.ceil(us), wait.end);
    });
  }

  renew(ttlMs?: number): Promise<boolean | undefined> {
    return this.raced(this.owner.renew(this.grant, this.id, ttlMs), itself, undefined);
  }

  /** Ends the section; only a completed one acts by leaving (R2). */
  leave(completed: boolean): void {
    if (!this.entered) return;
    this.left = true;
    const { process, id: grant } = this;
    const { host } = process;
    const calledAtUs = host.frontierUs;
    if (!process.enter()) return;
    const { id: client, frontierUs: atUs } = host;
    host.record({ type: 'exit', atUs, calledAtUs, grant, client, completed });
  }

  /** The operation is over: what the signal says from here on is nobody's concern. */
  detach(): void {
    this.over = true;
  }
  private over = false;

  /** Asks the resource; `unknown` is the answer if it is not known what came of it. */
  private access<T>(
    access: 'read' | 'write',
    cell: Cell | undefined,
    value: number,
    answer: (reply: AccessReply) => T,
    unknown: T,
  ): Promise<T> {
    if (!this.takeStep(access, cell)) return new Promise(() => {});
    const { key, id: grant } = this;
    const { fencingToken } = this.grant;
    const sent = this.store.send({ access, cell, key, grant, fencingToken, value });
    return this.raced(sent, answer, unknown);
  }

  /**
   * What is waited for inside, as `answer` makes of it; `otherwise` if it fails, or as soon as the
   * signal aborts (R15).
   */
  private raced<A, T>(awaited: Promise<A>, answer: (value: A) => T, otherwise: T): Promise<T> {
    const failed = () => otherwise;
    if (!this.tells) return awaited.then(answer, failed);
    if (this.lost) return Promise.resolve(otherwise);
    return new Promise((resolve) => {
      const wait = new Wait(this.process, this.waits, () => resolve(otherwise));
      const over = () => remove(this.waits, wait);
      awaited.then(
        (value) => {
          over();
          resolve(answer(value));
        },
        () => {
          over();
          resolve(otherwise);
        },
      );
    });
  }
}

const valueRead = ({ accepted, value }: AccessReply) => (accepted ? value : undefined);
const wasAccepted = ({ accepted }: AccessReply) => accepted;
const itself = <T>(value: T) => value;

function remove(waits: Wait[], wait: Wait): void {
  const at = waits.indexOf(wait);
  if (at === waits.length - 1) waits.pop();
  else if (at >= 0) waits.splice(at, 1);
}

/** Something waited for inside a section, which its timer or the signal can end. */
class Wait {
  timer: unknown;

  constructor(
    private readonly process: RunnerProcess,
    private readonly waits: Wait[],
    private readonly resolve: () => void,
  ) {
    waits.push(this);
  }

  readonly end = (): void => {
    remove(this.waits, this);
    if (this.timer !== undefined) this.process.cancelTimer(this.timer);
    this.resolve();
  };
}

/**
 * Trying again: for the lock until it is granted or the wait is over, and for its removal a few
 * times. Delays are random, so that clients that met once do not meet for ever (Redis
 * documentation, "Distributed Locks with Redis", section "Retry on Failure").
 */

import { isCallFailure, mayHaveBeenApplied } from './call-failure.js';
import type { Environment, RedisReply } from './environment.js';
import type { AcquireOptions, Grant, Refusal } from './lock.js';
import type { OptionSpec } from './option-spec.js';

export interface RetryOptions {
  readonly retryDelayMs: number;
  readonly retryJitterMs: number;
}

/** Options of a lock that tries again, with these defaults. */
export function retryOptions(defaults: RetryOptions) {
  return {
    retryDelayMs: {
      kind: 'number',
      default: defaults.retryDelayMs,
      min: 1,
      max: 60_000,
      doc: 'shortest pause between two tries, in ms',
    },
    retryJitterMs: {
      kind: 'number',
      default: defaults.retryJitterMs,
      min: 0,
      max: 60_000,
      doc: 'random addition to that pause: up to so many ms',
    },
  } as const satisfies Record<keyof RetryOptions, OptionSpec>;
}

/** An option of a lock: how long one call may wait for its reply. */
export function callTimeoutOption(defaultMs: number) {
  return {
    kind: 'number',
    default: defaultMs,
    min: 1,
    max: 60_000,
    doc: 'how long one call to a server may wait for its reply, in ms',
  } as const satisfies OptionSpec;
}

export function refused(reason: string): Refusal {
  return { granted: false, reason };
}

/** A time left to wait that is not worth another try. */
const SHORTEST_WAIT_MS = 1;

/**
 * Runs `attempt` until it is granted, `waitMs` has passed or the caller aborts; then answers the
 * last refusal. A call that failed is a refusal like others. The wait is looked at between tries,
 * so an answer comes at most one try after the end of the wait.
 */
export async function retrying<G extends Grant>(
  environment: Environment,
  wanted: AcquireOptions,
  options: RetryOptions,
  attempt: () => Promise<G | Refusal>,
): Promise<G | Refusal> {
  const startedAtMs = environment.monoMs();
  for (;;) {
    if (wanted.signal?.aborted) return refused('aborted');
    let answer: G | Refusal;
    try {
      answer = await attempt();
    } catch (error) {
      answer = refusalOf(error);
    }
    if (answer.granted) return answer;
    let leftMs = Number.POSITIVE_INFINITY;
    if (wanted.waitMs !== undefined) {
      leftMs = wanted.waitMs - (environment.monoMs() - startedAtMs);
      if (leftMs < SHORTEST_WAIT_MS) return answer;
    }
    const delayMs = Math.min(leftMs, retryDelay(environment, options));
    await environment.sleep(delayMs, wanted.signal);
  }
}

function refusalOf(error: unknown): Refusal {
  if (!isCallFailure(error)) throw error;
  return refused(error.message);
}

/** A random pause between two tries. */
function retryDelay(environment: Environment, options: RetryOptions): number {
  return options.retryDelayMs + environment.random() * options.retryJitterMs;
}

/** So often a removal is tried before the lease is left to its TTL. */
export const REMOVAL_TRIES = 3;

/**
 * Tries a removal until the server answers, at most `REMOVAL_TRIES` times. It must be harmless to
 * repeat: owner-checked. It answers how many keys it deleted. `true`: removed; `false`: there was
 * nothing of ours.
 *
 * @throws the failure of a call if the outcome is not known: no try was answered, or one that may
 * have been applied came before one that found nothing.
 */
export function removing(
  environment: Environment,
  options: RetryOptions,
  remove: () => Promise<RedisReply>,
): Promise<boolean> {
  return remove().then(didRemove, (error) => removingAfter(error, environment, options, remove));
}

function didRemove(deleted: RedisReply): boolean {
  return deleted === 1;
}

/** Goes on with a removal whose first try failed. */
async function removingAfter(
  failure: unknown,
  environment: Environment,
  options: RetryOptions,
  remove: () => Promise<RedisReply>,
): Promise<boolean> {
  let error = failure;
  let doubt: unknown;
  for (let tries = 1; ; tries += 1) {
    if (!isCallFailure(error)) throw error;
    if (mayHaveBeenApplied(error)) doubt = error;
    if (tries === REMOVAL_TRIES) throw doubt ?? error;
    await environment.sleep(retryDelay(environment, options));
    let removed: boolean;
    try {
      removed = didRemove(await remove());
    } catch (next) {
      error = next;
      continue;
    }
    if (!removed && doubt !== undefined) throw doubt;
    return removed;
  }
}

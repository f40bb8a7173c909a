/**
 * Calls to etcd as its Go client makes them: within a deadline, and again where repeating does no
 * harm (etcd-io/etcd: client/v3/retry.go, options.go). Reads and whatever concerns leases are
 * repeated, writes are not.
 */
import { CallTimeout, ConnectionLost, type Environment } from './environment.js';
import { EtcdError } from './etcd.js';
import type { EtcdConnection } from './etcd-connection.js';

/** `defaultUnaryMaxRetries`. */
const TRIES = 100;
/** `defaultBackoffWaitBetween` and `defaultBackoffJitterFraction`. */
const BACKOFF_MS = 25;
const BACKOFF_JITTER = 0.1;

/** Until when calls may take, as a context has it; ∞: for ever. */
export class Context {
  constructor(
    readonly environment: Environment,
    private readonly etcd: EtcdConnection,
    private readonly untilMs: number,
  ) {}

  /** A context that ends so long from now. */
  static of(environment: Environment, etcd: EtcdConnection, forMs: number): Context {
    const untilMs = forMs === Number.POSITIVE_INFINITY ? forMs : environment.monoMs() + forMs;
    return new Context(environment, etcd, untilMs);
  }

  /** Milliseconds left, above 0; throws `CallTimeout` if there are none. */
  leftMs(): number {
    if (this.untilMs === Number.POSITIVE_INFINITY) return this.untilMs;
    const leftMs = this.untilMs - this.environment.monoMs();
    if (leftMs > 0) return leftMs;
    throw new CallTimeout(0);
  }

  /** The connection, with what is left for each call. */
  get connection(): EtcdConnection {
    const leftMs = this.leftMs();
    return leftMs === Number.POSITIVE_INFINITY ? this.etcd : this.etcd.within(leftMs);
  }

  /** Repeats a call while the cluster is not there to answer it. */
  async repeat<T>(call: (etcd: EtcdConnection) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await call(this.connection);
      } catch (error) {
        if (!isUnavailable(error) || tries === TRIES) throw error;
      }
      const jitter = BACKOFF_JITTER * (2 * this.environment.random() - 1);
      await this.environment.sleep(BACKOFF_MS * (1 + jitter));
    }
  }
}

/** What gRPC reports as `Unavailable`: the answer of a server, or that there is no connection. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof EtcdError) return error.code === 'Unavailable';
  return error instanceof ConnectionLost;
}

/**
 * What the leader makes of a request that changes something, and what every server then applies:
 * a transaction says what is to be done and not how it was asked for (upstream zookeeper.jute,
 * module txn). A request that is refused is one too: it uses up a zxid.
 */
import type { Acl } from './messages.js';

export interface Change {
  readonly type: 'create' | 'create2' | 'delete' | 'setData' | 'check' | 'error';
  readonly path: string;
  readonly data: string | null;
  readonly acl: readonly Acl[] | undefined;
  readonly ephemeralOwner: number;
  readonly container: boolean;
  /** create: the parent's count of creates from now on. setData, check: the new version. */
  readonly version: number;
  readonly error: number;
}

export interface Transaction {
  readonly type: 'change' | 'multi' | 'createSession' | 'closeSession';
  readonly zxid: number;
  /** Wall clock of the leader. */
  readonly atMs: number;
  /** 0: the leader itself asked. */
  readonly sessionId: number;
  /** One, or those of a multi. */
  readonly changes: readonly Change[];
  /** closeSession: ephemeral znodes that go. */
  readonly paths: readonly string[];
}

export function errorChange(error: number): Change {
  return {
    type: 'error',
    path: '',
    data: null,
    acl: undefined,
    ephemeralOwner: 0,
    container: false,
    version: 0,
    error,
  };
}

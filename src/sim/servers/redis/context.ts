/**
 * What a command's handler reaches of the server it runs on.
 */
import type { Acknowledgements } from './acknowledgements.js';
import type { Blocking } from './blocking.js';
import type { ChangeLog } from './change-log.js';
import type { Config } from './config.js';
import type { Keyspace } from './keyspace.js';
import type { ScriptHost } from './lua/script.js';
import type { RedisPort, RedisServerOptions } from './port.js';
import type { PubSub } from './pubsub.js';
import type { ScriptCache } from './script-cache.js';
import type { Session } from './session.js';
import type { Watches } from './watches.js';

export interface Context {
  readonly options: RedisServerOptions;
  readonly port: RedisPort;
  readonly keyspace: Keyspace;
  readonly log: ChangeLog;
  readonly blocking: Blocking;
  readonly acknowledgements: Acknowledgements;
  readonly pubsub: PubSub;
  readonly watches: Watches;
  readonly scripts: ScriptCache;
  /** The face of the server to a running script. */
  readonly scriptHost: ScriptHost;
  readonly config: Config;
  /** Wall clock of the command in hand, in microseconds: what TIME answers. */
  nowUs: number;
  /** Inside EXEC or a script a blocking command answers at once, as if its time were up. */
  denyBlocking: boolean;
  /** Inside a script of EVAL_RO or EVALSHA_RO: no writes. */
  readOnly: boolean;
  /** Ends a session as its connection does (QUIT). */
  end(session: Session): void;
}

/** What is set on `ioredis`. */
import type { ClientOptions } from './client-options.js';

export const IOREDIS_OPTIONS = {
  lazyConnect: { value: true, why: 'whoever opens a connection is told how that went' },
  connectTimeout: { value: 0, why: 'the time limit of a call holds for the whole of it' },
  enableReadyCheck: { value: false, why: 'no `INFO` of its own before the first command' },
  disableClientInfo: { value: true, why: 'no `CLIENT SETINFO` of its own either' },
  retryStrategy: {
    value: null,
    why: 'a connection that is lost stays lost: the next call opens another one',
  },
  autoResendUnfulfilledCommands: { value: false, why: 'nothing is sent twice' },
  autoResubscribe: { value: false, why: 'a subscription ends with its connection' },
  enableOfflineQueue: { value: false, why: 'nothing is queued while there is no connection' },
  enableAutoPipelining: { value: false, why: 'a command leaves when it is called' },
  stringNumbers: { value: false, why: 'integers are numbers' },
  noDelay: { value: true, why: 'a command leaves when it is called' },
} as const satisfies ClientOptions;

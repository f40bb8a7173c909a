/** What is set on `etcd3`, and on gRPC beneath it. */
import type { ClientOptions } from './client-options.js';

/** About the largest number that a timer of Node takes, in milliseconds: 24 days. */
const NEVER_MS = 2_147_483_647;

export const GRPC_OPTIONS = {
  'grpc.enable_retries': {
    value: 0,
    why: 'nothing is sent twice, not even what a server refused before it looked at it',
  },
  'grpc.use_local_subchannel_pool': {
    value: 1,
    why: 'a connection is shared with nobody, and a new one does not inherit the wait after an old',
  },
  'grpc.enable_http_proxy': { value: 0, why: 'traffic goes where it was told, and nowhere else' },
  'grpc.service_config_disable_resolution': { value: 1, why: 'no question to a name server' },
  'grpc.client_idle_timeout_ms': {
    value: NEVER_MS,
    why: 'a connection ends when it is closed or lost, not by lying idle',
  },
  'grpc.enable_channelz': { value: 0, why: 'its books are read by nobody' },
} as const satisfies ClientOptions;

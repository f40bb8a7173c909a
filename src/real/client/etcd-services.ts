/**
 * The gRPC clients of `etcd3` for one server, all over one connection. Its own API would send again
 * what failed, watch again what ended, and keep leases alive by itself; what lies beneath it does
 * none of that. It is reached through two fields that `etcd3` keeps to itself.
 */
import { Etcd3 } from 'etcd3';
import { EtcdError } from '../../algorithms/etcd.js';
import type { Address } from './client-calls.js';
import { valuesOf } from './client-options.js';
import type { Raw } from './etcd-messages.js';
import { GRPC_OPTIONS } from './etcd-options.js';

/** Of gRPC (grpc/grpc, `doc/connectivity-semantics-and-api.md`). */
export const READY = 2;
export const TRANSIENT_FAILURE = 3;
export const SHUTDOWN = 4;

/** A channel of gRPC: one connection, as long as it is not asked for another. */
export interface GrpcChannel {
  getConnectivityState(tryToConnect: boolean): number;
  watchConnectivityState(known: number, deadlineMs: number, callback: () => void): void;
  close(): void;
}

/** What gRPC says when a call failed. */
export interface GrpcError extends Error {
  readonly code?: number;
  readonly details?: string;
}

export interface GrpcCall {
  cancel(): void;
}

export interface GrpcStream extends GrpcCall {
  write(message: Raw): void;
  on(event: 'data', listener: (message: Raw) => void): void;
  on(event: 'error', listener: (error: GrpcError) => void): void;
}

type Unary = (payload: Raw, done: (error: GrpcError | null, answer?: Raw) => void) => GrpcCall;

/** Methods of a service by their names, as the loader of protocol buffers makes them. */
interface ServiceClient {
  getChannel(): GrpcChannel;
}

/** A server of `etcd3`'s pool. */
interface Host {
  getServiceClient(name: 'KV' | 'Lease' | 'Watch'): ServiceClient;
}

export interface EtcdServices {
  readonly channel: GrpcChannel;
  call(service: 'KV' | 'Lease', method: string, payload: Raw, done: Parameters<Unary>[1]): GrpcCall;
  stream(service: 'Lease' | 'Watch', method: string): GrpcStream;
}

export function openServices({ host, port }: Address): EtcdServices {
  const grpcOptions: Record<string, unknown> = valuesOf(GRPC_OPTIONS);
  const client = new Etcd3({
    hosts: `${host}:${port}`,
    grpcOptions: grpcOptions as NonNullable<ConstructorParameters<typeof Etcd3>[0]>['grpcOptions'] &
      object,
  });
  const server = (client as unknown as { pool: { hosts: Host[] } }).pool.hosts[0]!;
  // The channel of the first service is handed to those made after it.
  const channel = server.getServiceClient('KV').getChannel();
  grpcOptions['channelOverride'] = channel;
  const methodOf = <T>(service: 'KV' | 'Lease' | 'Watch', method: string): T => {
    const methods = server.getServiceClient(service) as unknown as Record<string, T>;
    return methods[method]!;
  };
  return {
    channel,
    call: (service, method, payload, done) =>
      methodOf<Unary>(service, method).call(server.getServiceClient(service), payload, done),
    stream: (service, method) =>
      methodOf<() => GrpcStream>(service, method).call(server.getServiceClient(service)),
  };
}

/** Codes of gRPC by their names in Go (grpc/grpc-go, `codes/codes.go`). */
const CODES = [
  'OK',
  'Canceled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
] as const;

/** How all errors begin that etcd itself gives (etcd, `etcdserver/api/v3rpc/rpctypes/error.go`). */
const OF_ETCD = 'etcdserver: ';

/** What gRPC makes up when a connection breaks. */
const BROKEN: ReadonlySet<string> = new Set(['Canceled', 'Internal', 'Unavailable']);

/** The server's error; undefined: it said nothing, the connection is gone. */
export function toEtcdError({ code = 2, details = '', message }: GrpcError): EtcdError | undefined {
  const name = CODES[code] ?? 'Unknown';
  if (BROKEN.has(name) && !details.startsWith(OF_ETCD)) return undefined;
  return new EtcdError(name, details === '' ? message : details);
}

/** How the messages of a method are read (grpc/grpc-node, `grpc-js/src/make-client.ts`). */
export interface GrpcMethod {
  readonly path: string;
  readonly requestStream: boolean;
  readonly requestDeserialize: (bytes: Buffer) => Raw;
  readonly responseDeserialize: (bytes: Buffer) => Raw;
}

/** The methods of the services that locks use, by their paths. */
export function grpcMethods(): ReadonlyMap<string, GrpcMethod> {
  const client = new Etcd3({ hosts: '127.0.0.1' });
  const server = (client as unknown as { pool: { hosts: Host[] } }).pool.hosts[0]!;
  const methods = new Map<string, GrpcMethod>();
  for (const name of ['KV', 'Lease', 'Watch'] as const) {
    const { constructor: made } = Object.getPrototypeOf(server.getServiceClient(name)) as {
      readonly constructor: { readonly service: Readonly<Record<string, GrpcMethod>> };
    };
    for (const method of Object.values(made.service)) methods.set(method.path, method);
  }
  client.close();
  return methods;
}

/** The number of a code. */
export function codeOf(name: string): number {
  return Math.max(0, (CODES as readonly string[]).indexOf(name));
}

/**
 * A client of etcd: gRPC over HTTP/2 without encryption, as far as etcd's API goes (grpc/grpc:
 * `doc/PROTOCOL-HTTP2.md`). One object is one connection, with a stream for its keep-alives and one
 * for its watches, as clientv3 has them.
 */
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import type { Method } from './schema.js';
import { decode, encode, type Message } from './wire.js';

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
];

/** The server answered with an error. */
export class RpcError extends Error {
  constructor(
    readonly code: string,
    text: string,
  ) {
    super(text);
  }
}

/** A message as it travels: not compressed, its length, itself. */
function framed(body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

/** A call whose requests and responses come one by one. */
export class Stream {
  private pending = Buffer.alloc(0);

  constructor(
    private readonly stream: ClientHttp2Stream,
    private readonly method: Method,
    onMessage: (message: Message) => void,
    onEnd: (error: RpcError | undefined) => void,
  ) {
    let status: RpcError | undefined;
    const read = (headers: Record<string, unknown>) => {
      const code = Number(headers['grpc-status'] ?? 0);
      const text = decodeURIComponent(String(headers['grpc-message'] ?? ''));
      if (code !== 0) status = new RpcError(CODES[code] ?? String(code), text);
    };
    stream.on('response', read);
    stream.on('trailers', read);
    stream.on('data', (chunk: Buffer) => {
      this.pending = Buffer.concat([this.pending, chunk]);
      for (const message of this.take()) onMessage(message);
    });
    stream.on('error', (error) => {
      status ??= new RpcError('Unavailable', error.message);
    });
    stream.on('close', () => onEnd(status));
  }

  private *take(): Generator<Message> {
    while (this.pending.length >= 5) {
      const length = this.pending.readUInt32BE(1);
      if (this.pending.length < 5 + length) return;
      const body = this.pending.subarray(5, 5 + length);
      this.pending = this.pending.subarray(5 + length);
      yield decode(this.method.response, body);
    }
  }

  send(message: Message): void {
    this.stream.write(framed(encode(this.method.request, message)));
  }

  finish(): void {
    this.stream.end();
  }
}

export class Rpc {
  private readonly session: ClientHttp2Session;

  constructor(port: number) {
    this.session = connect(`http://127.0.0.1:${port}`);
    // A server that is killed ends its calls, which say so.
    this.session.on('error', () => {});
  }

  open(
    method: Method,
    onMessage: (message: Message) => void,
    onEnd: (error: RpcError | undefined) => void,
  ): Stream {
    const stream = this.session.request({
      ':method': 'POST',
      ':path': method.path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    return new Stream(stream, method, onMessage, onEnd);
  }

  /** One request, one answer. */
  call(method: Method, request: Message): Promise<Message> {
    return new Promise((resolve, reject) => {
      let answer: Message | undefined;
      const stream = this.open(
        method,
        (message) => {
          answer = message;
        },
        (error) => {
          if (error === undefined && answer !== undefined) resolve(answer);
          else reject(error ?? new RpcError('Unavailable', 'connection lost'));
        },
      );
      stream.send(request);
      stream.finish();
    });
  }

  close(): void {
    this.session.destroy();
  }
}

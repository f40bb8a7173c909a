/**
 * One call of etcd's API on its way through a proxy: a request and its answer, or a stream of
 * keep-alives or watches, whose messages are each for themselves.
 */
import type { ClientHttp2Session, ClientHttp2Stream, ServerHttp2Stream } from 'node:http2';
import { REQUEST_TIMED_OUT, TOO_MANY_REQUESTS } from '../../sim/servers/etcd/errors.js';
import type { ErrorResponse, EtcdRequest, EtcdResponse } from '../../sim/servers/etcd/messages.js';
import { requestText, responseText } from '../../sim/services/etcd-text.js';
import {
  toAnswer,
  toKeepAliveAnswer,
  toWatchResponse,
  type UnaryRequest,
} from '../client/etcd-messages.js';
import { type GrpcMethod, grpcMethods } from '../client/etcd-services.js';
import { toRequest } from './etcd-requests.js';
import { type Frame, Splitter } from './framing.js';

/** A message of gRPC: a byte for compression, four for its length. */
const HEAD_BYTES = 5;
/** What a status may not have in its words as it is: all but printable ASCII, and the sign `%`. */
const UNPRINTABLE = /[^\x20-\x24\x26-\x7e]+/g;
const CONTENT_TYPE = 'application/grpc+proto';

/** How a call ends. */
interface Status {
  readonly code: number;
  readonly text: string;
}

/** Something that the client is to hear. */
export interface Outcome {
  /** With its head; undefined: a status alone. */
  readonly message: Buffer | undefined;
  readonly text: string;
  /** The number of the request that it answers; undefined: it is news. */
  readonly answers: number | undefined;
  /** Present if the call is over with it. */
  readonly status?: Status;
}

interface Asked {
  readonly message: Buffer;
  readonly text: string;
  readonly body: EtcdRequest | undefined;
}

let methods: ReadonlyMap<string, GrpcMethod> | undefined;

export function openCall(stream: ServerHttp2Stream, path: string): EtcdCall {
  methods ??= grpcMethods();
  return new EtcdCall(stream, path, methods.get(path));
}

/** What a fault's error is in etcd. */
export function refusedBy(error: string): ErrorResponse {
  const known = [REQUEST_TIMED_OUT, TOO_MANY_REQUESTS].find(({ text }) => text === error);
  return known ?? { type: 'error', code: 'Unavailable', text: error };
}

function messages(): Splitter {
  return new Splitter((bytes) => {
    if (bytes.length < HEAD_BYTES) return undefined;
    const end = HEAD_BYTES + bytes.readUInt32BE(1);
    return bytes.length < end ? undefined : { bytes: bytes.subarray(0, end), text: '' };
  });
}

export class EtcdCall {
  private readonly fromClient = messages();
  private readonly fromServer = messages();
  private upstream: ClientHttp2Stream | undefined;
  /** How the server ended it. */
  private status: Status | undefined;
  /** Whether the client has heard that. */
  private isOver = false;
  /** Requests passed on that were not answered, oldest first. */
  private readonly waiting: { readonly call: number; readonly body: EtcdRequest | undefined }[] =
    [];
  private readonly name: string;

  constructor(
    private readonly downstream: ServerHttp2Stream,
    private readonly path: string,
    private readonly method: GrpcMethod | undefined,
  ) {
    this.name = path.slice(path.lastIndexOf('/') + 1);
  }

  private get isStream(): boolean {
    return this.method?.requestStream === true;
  }

  /** The requests that are whole with these bytes. */
  requests(bytes: Buffer): Asked[] {
    return this.fromClient.take(bytes).map(({ bytes: message }) => {
      const raw = this.method?.requestDeserialize(message.subarray(HEAD_BYTES));
      const body = raw && toRequest(this.name, raw);
      return { message, text: body === undefined ? this.path : requestText(body), body };
    });
  }

  /** A request goes on to the server. */
  pass(
    session: ClientHttp2Session,
    { bytes, call, body }: Frame,
    heard: (outcome: Outcome) => void,
  ): void {
    this.waiting.push({ call: call!, body: body as EtcdRequest | undefined });
    if (this.status !== undefined) {
      // Its client did not know yet that the stream had ended.
      heard(this.ended(undefined, this.status));
      return;
    }
    this.upstream ??= this.open(session, heard);
    if (this.isStream) this.upstream.write(bytes);
    else this.upstream.end(bytes);
  }

  private open(session: ClientHttp2Session, heard: (outcome: Outcome) => void): ClientHttp2Stream {
    const headers = { 'content-type': CONTENT_TYPE, te: 'trailers' };
    const stream = session.request({ ':method': 'POST', ':path': this.path, ...headers });
    let answer: Buffer | undefined;
    const read = (from: { readonly [name: string]: unknown }) => {
      const code = from['grpc-status'];
      if (code === undefined) return;
      const text = decodeURIComponent(String(from['grpc-message'] ?? ''));
      this.status = { code: Number(code), text };
    };
    stream.on('error', () => {});
    stream.on('response', read);
    stream.on('trailers', read);
    stream.on('data', (bytes: Buffer) => {
      for (const { bytes: message } of this.fromServer.take(bytes)) {
        if (this.isStream) heard(this.streamed(message));
        else answer = message;
      }
    });
    stream.on('end', () => {
      const { status } = this;
      // A call that is cut off has none.
      if (status === undefined) return;
      heard(this.ended(answer, status));
      // The end of a stream is the answer to all that is in it.
      while (this.waiting.length > 0) heard(this.ended(undefined, status));
    });
    return stream;
  }

  /** A message of a stream: an answer to the request whose turn it is, or news. */
  private streamed(message: Buffer): Outcome {
    const raw = this.method!.responseDeserialize(message.subarray(HEAD_BYTES));
    if (this.name === 'LeaseKeepAlive') {
      const answers = this.waiting.shift()?.call;
      return { message, text: responseText(toKeepAliveAnswer(raw)), answers };
    }
    const body = toWatchResponse(raw);
    const at = this.waiting.findIndex(({ body: asked }) => {
      if (asked?.type === 'watchCancel') return body.canceled && asked.watchId === body.watchId;
      return body.created;
    });
    const answers = at < 0 ? undefined : this.waiting.splice(at, 1)[0]!.call;
    return { message, text: responseText(body), answers };
  }

  private ended(message: Buffer | undefined, status: Status): Outcome {
    const { call: answers, body: asked } = this.waiting.shift() ?? {};
    if (message === undefined || status.code !== 0 || asked === undefined) {
      return { message: undefined, text: `Error: ${status.text}`, answers, status };
    }
    const raw = this.method!.responseDeserialize(message.subarray(HEAD_BYTES));
    const body: EtcdResponse = toAnswer(asked.type as UnaryRequest['type'], raw);
    return { message, text: responseText(body), answers, status };
  }

  /** The client hears it. */
  answer({ message, status }: Outcome): void {
    const { downstream } = this;
    if (downstream.destroyed || this.isOver) return;
    this.isOver = status !== undefined;
    if (message === undefined && !downstream.headersSent) {
      const headers = { ':status': 200, 'content-type': CONTENT_TYPE, ...trailersOf(status!) };
      downstream.respond(headers, { endStream: true });
      return;
    }
    if (!downstream.headersSent) {
      const headers = { ':status': 200, 'content-type': CONTENT_TYPE };
      downstream.respond(headers, { waitForTrailers: true });
    }
    if (message !== undefined) downstream.write(message);
    if (status === undefined) return;
    downstream.once('wantTrailers', () => downstream.sendTrailers(trailersOf(status)));
    downstream.end();
  }
}

function trailersOf({ code, text }: Status) {
  const trailers: Record<string, string> = { 'grpc-status': String(code) };
  if (text !== '') trailers['grpc-message'] = text.replaceAll(UNPRINTABLE, encodeURIComponent);
  return trailers;
}

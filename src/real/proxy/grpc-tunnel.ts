/**
 * A connection to etcd through a proxy that speaks HTTP/2 to both sides: so each message of gRPC
 * can be held, dropped or made up by itself, and neither side loses what it knows of the other's
 * headers and windows (grpc/grpc, `doc/PROTOCOL-HTTP2.md`).
 */
import {
  type ClientHttp2Session,
  connect,
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { PoolerMode } from '../../algorithms/postgres-connection.js';
import type { HostId } from '../../fault.js';
import { codeOf } from '../client/etcd-services.js';
import { type EtcdCall, type Outcome, openCall, refusedBy } from './etcd-call.js';
import type { Frame, Refusal } from './framing.js';
import type { OpenTunnel, Tunnel, Upstream, Watcher, Way } from './tunnel.js';

export const grpcTunnel: OpenTunnel = (way, downstream, watcher) =>
  new GrpcTunnel(way, downstream, watcher);

class GrpcTunnel implements Tunnel {
  readonly client: HostId;
  readonly server: HostId;
  readonly pooler: PoolerMode | undefined;
  to: () => Upstream;
  readonly isOrdered = false;
  clientOpen = true;
  serverOpen = true;
  private readonly session: ServerHttp2Session;
  private upstream: ClientHttp2Session | undefined;
  /** Which call a message belongs to, and what a reply says. */
  private readonly callOf = new WeakMap<Frame, EtcdCall>();
  private readonly outcomeOf = new WeakMap<Frame, Outcome>();
  private requests = 0;

  constructor(
    way: Way,
    private readonly downstream: Socket,
    private readonly watcher: Watcher,
  ) {
    ({ client: this.client, server: this.server, pooler: this.pooler, to: this.to } = way);
    downstream.setNoDelay(true);
    this.session = performServerHandshake(downstream);
    this.session.on('stream', (stream, headers) => this.begun(stream, headers));
    this.session.on('error', () => {});
    downstream.on('error', () => {});
    this.session.on('close', () => {
      if (!this.clientOpen) return;
      this.clientOpen = false;
      watcher.hungUp(this);
    });
  }

  /** The client has begun a call: a request, or a stream of them. */
  private begun(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    stream.on('error', () => {});
    const call = openCall(stream, String(headers[':path']));
    stream.on('data', (bytes: Buffer) => {
      for (const { message, text, body } of call.requests(bytes)) {
        const frame: Frame = { bytes: message, text, body, call: this.requests++ };
        this.callOf.set(frame, call);
        this.watcher.request(this, frame);
      }
    });
  }

  private heard(call: EtcdCall, outcome: Outcome): void {
    const { message, text, answers } = outcome;
    const common = { bytes: message ?? Buffer.alloc(0), text };
    const frame: Frame =
      answers === undefined ? { ...common, isNews: true } : { ...common, call: answers };
    this.callOf.set(frame, call);
    this.outcomeOf.set(frame, outcome);
    this.watcher.reply(this, frame);
  }

  lead(to: Upstream): void {
    this.to = () => to;
  }

  forward(frame: Frame): void {
    const call = this.callOf.get(frame);
    if (!this.serverOpen || call === undefined) return;
    this.upstream ??= this.open();
    call.pass(this.upstream, frame, (outcome) => this.heard(call, outcome));
  }

  private open(): ClientHttp2Session {
    const { host, port } = this.to();
    const upstream = connect(`http://${host}:${port}`);
    upstream.on('error', () => {});
    upstream.on('close', () => {
      if (!this.serverOpen) return;
      this.serverOpen = false;
      this.watcher.dropped(this);
    });
    return upstream;
  }

  deliver(frame: Frame): void {
    const outcome = this.outcomeOf.get(frame);
    if (this.clientOpen && outcome !== undefined) this.callOf.get(frame)?.answer(outcome);
  }

  refusal(error: string, request: Frame): Refusal {
    const { code, text } = refusedBy(error);
    const call = this.callOf.get(request);
    const answers = request.call;
    const outcome: Outcome = {
      message: undefined,
      text: `Error: ${text}`,
      answers,
      status: { code: codeOf(code), text },
    };
    const bytes = Buffer.alloc(0);
    const common = { bytes, text: outcome.text };
    const reply: Frame = answers === undefined ? common : { ...common, call: answers };
    if (call !== undefined) this.callOf.set(reply, call);
    this.outcomeOf.set(reply, outcome);
    return { reply };
  }

  closeClient(): void {
    this.clientOpen = false;
    this.session.destroy();
    this.downstream.destroy();
  }

  endServer(): void {
    this.serverOpen = false;
    this.upstream?.destroy();
  }

  close(): void {
    this.endServer();
    if (this.clientOpen) this.closeClient();
  }
}

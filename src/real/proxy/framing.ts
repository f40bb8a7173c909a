/**
 * How the bytes of a connection fall into messages: a proxy holds, drops and counts whole ones.
 * One framing for each protocol; each tunnel has its own, because messages arrive in pieces.
 */

/** One message of a connection. */
export interface Frame {
  readonly bytes: Buffer;
  /** What a trace shows of it; empty of what is none of a lock's business. */
  readonly text: string;
  /** Of a request, as a model of the server takes it. */
  readonly body?: unknown;
  /** Part of opening the connection, without a text, or a heartbeat: it passes by itself. */
  readonly passes?: true;
  /** From the server, and no answer to a request. */
  readonly isNews?: true;
  /** Where answers come in any order: the number of the request, or of that which it answers. */
  readonly call?: number;
}

/** How a request is refused. */
export type Refusal =
  /** The proxy says so, and the server hears nothing; `ends`: nor of this connection any more. */
  | { readonly reply?: Frame; readonly ends?: true }
  /** The server itself says so, when it is sent that in place of the request. */
  | { readonly instead: Frame };

/** Cuts the bytes of one connection into messages, in both directions. */
export interface Framing {
  /** The messages that are complete with these bytes, from the client. */
  requests(bytes: Buffer): Frame[];
  /** The same from the server. */
  replies(bytes: Buffer): Frame[];
  /** What a server does that has this error for every request. */
  refusal(error: string, request: Frame): Refusal;
}

/** Keeps what is left of the bytes until the rest of the message has come. */
export class Splitter {
  private rest: Buffer = Buffer.alloc(0);

  constructor(
    /** The message at the start of the bytes; undefined while it is incomplete. */
    private readonly first: (bytes: Buffer) => Frame | undefined,
  ) {}

  take(bytes: Buffer): Frame[] {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    const frames: Frame[] = [];
    for (;;) {
      const frame = this.rest.length === 0 ? undefined : this.first(this.rest);
      if (frame === undefined) return frames;
      frames.push(frame);
      this.rest = this.rest.subarray(frame.bytes.length);
    }
  }
}

/**
 * Sessions of ZooKeeper have other ids and passwords on a real server than on its model: who goes
 * on with a session is taken to mean the one that the model made at that place.
 */
import type { Request, ServerMessage } from '../../sim/servers/zookeeper/messages.js';
import type { WireRequest } from './wire.js';

interface Known {
  readonly sessionId: number;
  readonly password: string;
}

/** How a new session is told, in the words of a trace. */
const CONNECTED = /^connected, session (\d+),/;

export class Sessions {
  private readonly byRealId = new Map<number, Known>();

  /** The body of a request as the model knows its session. */
  toModel({ body }: WireRequest): unknown {
    if (!isConnect(body) || body.sessionId === 0) return body;
    // The model has zxids of its own as well.
    return { ...body, lastZxidSeen: 0, ...this.byRealId.get(body.sessionId) };
  }

  /** The answers of the real server and of its model to the same request. */
  learn({ reply, body }: WireRequest, modelled: unknown): void {
    if (!isConnect(body)) return;
    const id = Number(CONNECTED.exec(reply ?? '')?.[1] ?? 0);
    const { sessionId, password } = modelled as ServerMessage & Known;
    if (id !== 0 && !this.byRealId.has(id)) this.byRealId.set(id, { sessionId, password });
  }
}

function isConnect(body: unknown): body is Extract<Request, { type: 'connect' }> {
  return (body as Request | undefined)?.type === 'connect';
}

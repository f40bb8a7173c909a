/**
 * The resource that the lock protects: a host that keeps numbers, a counter and named cells. It
 * accepts reads and writes as messages; if the lock has fencing tokens it refuses every access,
 * reads included, whose token is lower than the highest it has seen (docs/semantics.md, R12).
 */
import type { Access, AccessReply } from './client-process.js';
import { type Connection, type Request, Response, type Server } from './connection.js';
import { ProtectedCells } from './protected-cells.js';
import type { World } from './world.js';

export const RESOURCE_ID = 'store';
export const RESOURCE_INDEX = 63;

export class Resource implements Server {
  readonly id = RESOURCE_ID;
  readonly index = RESOURCE_INDEX;
  readonly down = false;
  readonly hasSessions = false;
  private readonly cells = new ProtectedCells();

  constructor(private readonly world: World) {}

  receive(request: Request): void {
    const asked = request.body as Access;
    const { access, cell, key, grant, fencingToken } = asked;
    const { world } = this;
    const reply = this.cells.apply(asked);
    const { accepted, value } = reply;
    world.record({
      type: 'access',
      atUs: world.nowUs,
      resource: this.id,
      key,
      access,
      client: request.process.host.id,
      grant,
      fencingToken,
      accepted,
      cell,
      value,
    });
    const { connection } = request;
    const response = new Response(reply, this.traced(connection, reply));
    connection.respond(response, (value << 1) | (accepted ? 1 : 0));
  }

  /** Number of the reply in the trace, −1 without one. */
  private traced({ process }: Connection, { accepted, value }: AccessReply): number {
    const { trace, nowUs } = this.world;
    if (trace === undefined) return -1;
    const text = accepted ? `${value}` : 'refused: fencing token too low';
    return trace.sent(this.id, process.host.id, nowUs, nowUs, text);
  }

  connect(_connection: Connection): void {}

  delivered(_response: Response): void {}

  describeRequest(body: unknown): string {
    return JSON.stringify(body);
  }

  describeReply(body: unknown): string {
    return JSON.stringify(body);
  }

  hangup(_connection: Connection): void {}
}

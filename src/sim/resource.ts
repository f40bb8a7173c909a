/**
 * The resource that the lock protects: a host that keeps numbers, a counter and named cells. It
 * accepts reads and writes as messages; if the lock has fencing tokens it refuses every access,
 * reads included, whose token is lower than the highest it has seen (docs/semantics.md, R12).
 */
import type { CallId } from '../history.js';
import type { Cell } from '../invariant.js';
import { type Connection, type Request, Response, type Server } from './connection.js';
import type { World } from './world.js';

export const RESOURCE_ID = 'store';
export const RESOURCE_INDEX = 63;

export interface Access {
  readonly access: 'read' | 'write';
  /** `undefined`: the counter. */
  readonly cell: Cell | undefined;
  readonly key: string;
  readonly grant: CallId;
  readonly fencingToken: number | undefined;
  /** What a write leaves behind. */
  readonly value: number;
}

export interface AccessReply {
  readonly accepted: boolean;
  readonly value: number;
}

export class Resource implements Server {
  readonly id = RESOURCE_ID;
  readonly index = RESOURCE_INDEX;
  readonly down = false;
  readonly hasSessions = false;
  private counter = 0;
  private readonly cells = new Map<Cell, number>();
  private highestToken = Number.NEGATIVE_INFINITY;

  constructor(private readonly world: World) {}

  receive(request: Request): void {
    const { access, cell, key, grant, fencingToken, value: written } = request.body as Access;
    const { world } = this;
    const accepted = fencingToken === undefined || fencingToken >= this.highestToken;
    if (accepted && fencingToken !== undefined) this.highestToken = fencingToken;
    if (accepted && access === 'write') this.keep(cell, written);
    const value = this.kept(cell);
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
    const reply: AccessReply = { accepted, value };
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

  private kept(cell: Cell | undefined): number {
    return cell === undefined ? this.counter : (this.cells.get(cell) ?? 0);
  }

  private keep(cell: Cell | undefined, value: number): void {
    if (cell === undefined) this.counter = value;
    else this.cells.set(cell, value);
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

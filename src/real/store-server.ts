/**
 * The protected resource of a real run: what the simulated one is (`sim/resource.ts`), reached over
 * TCP. It lives in the process that watches the run, so each access has its exact place.
 */

import { createServer, type Server, type Socket } from 'node:net';
import type { AccessRecord } from '../history.js';
import type { AccessReply } from '../sim/client-process.js';
import { ProtectedCells } from '../sim/protected-cells.js';
import { RESOURCE_ID } from '../sim/resource.js';
import type { StoreRequest } from './client/store-client.js';
import { LOOPBACK, listenOnLoopback } from './loopback.js';

export class StoreServer {
  readonly host = LOOPBACK;
  port = 0;
  private readonly listener: Server;
  private readonly sockets = new Set<Socket>();
  private readonly cells = new ProtectedCells();

  constructor(
    private readonly nowUs: () => number,
    private readonly accessed: (record: AccessRecord) => void,
  ) {
    this.listener = createServer((socket) => this.serve(socket));
  }

  async listen(): Promise<void> {
    this.port = await listenOnLoopback(this.listener);
  }

  close(): void {
    this.listener.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    let text = '';
    socket.setNoDelay(true).setEncoding('utf8');
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('data', (chunk) => {
      const lines = (text + String(chunk)).split('\n');
      text = lines.pop()!;
      for (const line of lines) {
        socket.write(`${JSON.stringify(this.apply(JSON.parse(line) as StoreRequest))}\n`);
      }
    });
  }

  private apply(request: StoreRequest): AccessReply {
    const { access, cell, key, grant, fencingToken, client } = request;
    const { accepted, value } = this.cells.apply(request);
    this.accessed({
      type: 'access',
      atUs: this.nowUs(),
      resource: RESOURCE_ID,
      key,
      access,
      client,
      grant,
      fencingToken,
      accepted,
      cell,
      value,
    });
    return { accepted, value };
  }
}

/**
 * A client process's way to the protected resource: lines of JSON over TCP, so that a story can
 * hold and lose them like messages to any server (docs/semantics.md, R12).
 */
import { connect, type Socket } from 'node:net';
import type { Access, AccessReply, RunnerStore } from '../../sim/client-process.js';
import { RESOURCE_ID } from '../../sim/resource.js';
import type { Address, ClientCalls } from './client-calls.js';

/** As long as a simulated client waits for the resource. */
const STORE_CALL_TIMEOUT_MS = 60_000;

interface Waiting {
  readonly resolve: (reply: AccessReply) => void;
  readonly reject: (error: Error) => void;
}

/** One access as it goes over the wire. */
export interface StoreRequest extends Access {
  readonly client: string;
}

export class StoreClient implements RunnerStore {
  private connection: StoreConnection | undefined;

  constructor(
    private readonly client: string,
    private readonly calls: ClientCalls,
    private readonly address: Address,
  ) {}

  send(access: Access): Promise<AccessReply> {
    if (this.connection?.open !== true) this.connection = new StoreConnection(this.address);
    const request: StoreRequest = { ...access, client: this.client };
    this.calls.sends(RESOURCE_ID, JSON.stringify(request));
    return this.connection.ask(request);
  }
}

class StoreConnection {
  open = true;
  private readonly socket: Socket;
  private readonly waiting: Waiting[] = [];
  private text = '';

  constructor({ host, port }: Address) {
    this.socket = connect(port, host).setNoDelay(true).setEncoding('utf8');
    this.socket.on('data', (chunk) => this.receive(String(chunk)));
    this.socket.on('error', () => {});
    this.socket.on('close', () => this.end());
  }

  ask(request: StoreRequest): Promise<AccessReply> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => this.socket.destroy(), STORE_CALL_TIMEOUT_MS).unref();
      const over = () => clearTimeout(limit);
      this.waiting.push({
        resolve: (reply) => {
          over();
          resolve(reply);
        },
        reject: (error) => {
          over();
          reject(error);
        },
      });
      this.socket.write(`${JSON.stringify(request)}\n`);
    });
  }

  private receive(chunk: string): void {
    this.text += chunk;
    const lines = this.text.split('\n');
    this.text = lines.pop()!;
    for (const line of lines) this.waiting.shift()?.resolve(JSON.parse(line) as AccessReply);
  }

  private end(): void {
    this.open = false;
    const error = new Error('the connection to the resource is lost');
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

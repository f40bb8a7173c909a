/**
 * ioredis-mock as its users call it, so that recorded commands can be played on it: a method for
 * each command, transactions as pipelines, errors as rejections.
 */
import RedisMock from 'ioredis-mock';
import type { GoldenReply } from '../../../../scripts/record/redis/format.js';
import { RedisError, type Reply, Status } from '../../../../src/sim/servers/redis/reply.js';

type Method = (...args: string[]) => unknown;
type Methods = Readonly<Record<string, Method | undefined>>;

/** No call of the mock waits for anything; one that has not answered by then never will. */
const PATIENCE_MS = 500;

/** What came back, in the form of a reply; what no reply can be is a text in angle brackets. */
function fromClient(value: unknown): Reply {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (value instanceof Error) return new RedisError(value.message);
  if (Array.isArray(value)) return value.map(fromClient);
  if (typeof value === 'object') return Object.entries(value).flat().map(fromClient);
  return `<${String(value)}>`;
}

/** As a client of ioredis sees it: a status is a text like any other. */
export function toClient(reply: Reply): Reply {
  if (reply instanceof Status) return reply.text;
  return Array.isArray(reply) ? (reply as Reply[]).map(toClient) : reply;
}

/** The same for a recorded reply. */
export function expectedByClient(reply: GoldenReply): GoldenReply {
  if (typeof reply !== 'object' || reply === null) return reply;
  if (Array.isArray(reply)) return (reply as readonly GoldenReply[]).map(expectedByClient);
  return 'status' in reply ? reply.status : reply;
}

/** As a count of random members this makes the mock allocate until the process dies. */
const DEADLY = '-9223372036854775808';

class MockClient {
  private readonly mock: InstanceType<typeof RedisMock>;
  private pipeline: Methods | undefined;

  constructor(host: string) {
    this.mock = new RedisMock({ host });
  }

  async call(args: readonly string[]): Promise<Reply> {
    const [name = '', ...rest] = args;
    if (rest.includes(DEADLY)) return '<not tried>';
    try {
      return fromClient(await this.run(name.toLowerCase(), rest));
    } catch (error) {
      return fromClient(error);
    }
  }

  private run(name: string, args: readonly string[]): unknown {
    if (this.pipeline !== undefined) return this.queue(this.pipeline, name, args);
    if (name === 'multi' && args.length === 0) {
      this.pipeline = this.mock.multi() as unknown as Methods;
      return 'OK';
    }
    return settled(method(this.mock as unknown as Methods, name).apply(this.mock, [...args]));
  }

  private queue(pipeline: Methods, name: string, args: readonly string[]): unknown {
    if (name === 'exec' || name === 'discard') {
      this.pipeline = undefined;
      return name === 'exec' ? execute(pipeline) : 'OK';
    }
    method(pipeline, name).apply(pipeline, [...args]);
    return 'QUEUED';
  }

  close(): void {
    this.mock.disconnect();
  }
}

/** The clients of one server; servers of different names share no data. */
export class MockClients {
  private readonly clients = new Map<number, MockClient>();

  constructor(private readonly name: string) {}

  call(connection: number, args: readonly string[]): Promise<Reply> {
    const client = this.clients.get(connection) ?? new MockClient(this.name);
    this.clients.set(connection, client);
    return client.call(args);
  }

  close(): void {
    for (const client of this.clients.values()) client.close();
  }
}

function method(owner: Methods, name: string): Method {
  const found = owner[name];
  if (typeof found !== 'function') throw new Error('<not supported>');
  return found;
}

/** EXEC of a pipeline answers pairs of error and result. */
async function execute(pipeline: Methods): Promise<unknown> {
  const results = await settled(method(pipeline, 'exec').apply(pipeline, []));
  if (!Array.isArray(results)) return results;
  return (results as [unknown, unknown][]).map(([error, result]) => error ?? result);
}

/** A promise that does not settle counts as no answer. */
function settled(promise: unknown): Promise<unknown> {
  let timer: NodeJS.Timeout;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('<no answer>')), PATIENCE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** The real side of `arm.ts`: clients of this process, each behind a proxy of its own. */
import type { Environment } from '../../../src/algorithms/environment.js';
import type { Address, ClientCalls } from '../../../src/real/client/client-calls.js';
import { type Service, serverNames } from '../../../src/service.js';
import type { Arm, Seen } from './arm.js';
import { realEnvironment } from './real-environment.js';
import { TcpProxy } from './tcp-proxy.js';

/** Nothing that these tests wait for takes so long on a machine that works at all. */
const LIMIT_MS = 60_000;

const QUIET_MS = 50;

/** What a client did, as its connections told. */
export class CallLog implements ClientCalls {
  entered = 0;
  readonly thrown: unknown[] = [];
  private readonly requests: { readonly server: string; readonly text: string }[] = [];

  /** What was sent to one server after what was sent to the one before it. */
  get sent(): readonly string[] {
    const byServer = this.requests.toSorted((a, b) => a.server.localeCompare(b.server));
    return byServer.map(({ text }) => text);
  }

  enter(): void {
    this.entered += 1;
  }

  sends(server: string, text: string): void {
    this.requests.push({ server, text });
  }

  event(code: () => void): void {
    try {
      code();
    } catch (error) {
      this.thrown.push(error);
    }
  }
}

/** How the clients of a service are made, and what is left of them removed. */
export interface RealService {
  readonly service: Service;
  /** Whether a server says nothing before it has applied a request. */
  readonly answersAtEnd: boolean;
  /** Where its servers listen on this machine. */
  readonly ports: readonly number[];
  /** Begins anew: nothing is there but what the schema says. */
  clear(schema: string | undefined): Promise<void>;
  open(
    calls: ClientCalls,
    addresses: readonly Address[],
  ): {
    readonly services: Partial<Pick<Environment, Service>>;
    close(): void;
  };
}

/** With a server that runs for it alone. */
export interface StartedService extends RealService {
  stop(): Promise<void>;
}

/** A client of a real service and its way there. */
export interface RealClient {
  readonly env: Environment;
  readonly calls: CallLog;
  /** Before its first server. */
  readonly proxy: TcpProxy;
  close(): Promise<void>;
}

/** Knows that many servers of the service. */
export async function openClient(
  service: RealService,
  client: string,
  servers = 1,
): Promise<RealClient> {
  const proxies = await Promise.all(
    service.ports.slice(0, servers).map((port) => TcpProxy.before(port, service.answersAtEnd)),
  );
  const calls = new CallLog();
  const names = serverNames(service.service, servers);
  const addresses = proxies.map(
    ({ port }, at): Address => ({ server: names[at]!, host: '127.0.0.1', port }),
  );
  const { services, close } = service.open(calls, addresses);
  return {
    env: realEnvironment(client, calls, services),
    calls,
    proxy: proxies[0]!,
    close: async () => {
      close();
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
}

export function realArm(service: RealService): Arm {
  return {
    name: 'real',
    async run(codes, { strike, schema, servers } = {}) {
      await service.clear(schema);
      const seen = await Promise.all(
        Object.entries(codes).map(async ([client, code]): Promise<[string, Seen]> => {
          const { env, calls, proxy, close } = await openClient(service, client, servers);
          // What follows a request by itself, as acknowledgements of HTTP/2, is let through.
          const armed = async () => {
            await env.sleep(QUIET_MS);
            if (strike !== undefined) proxy.strikeNext(strike);
          };
          try {
            const value = await inTime(client, code({ env, armed }));
            const { sent, entered, thrown } = calls;
            if (thrown.length > 0) throw thrown[0];
            return [client, { value, sent: [...sent], entered }];
          } finally {
            await close();
          }
        }),
      );
      return Object.fromEntries(seen);
    },
  };
}

async function inTime<T>(client: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`client ${client} hangs`)), LIMIT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * One contract, two implementations: a test says what clients do and what they see of it, and runs
 * on a simulated server and on a real one alike. What a server answers is known from elsewhere
 * (test/golden); here it is the connection that is held to its word (docs/semantics.md, R7).
 */
import type { Environment } from '../../../src/algorithms/environment.js';
import type { Fault } from '../../../src/fault.js';
import { inTurn } from '../../../src/host/run-port.js';
import { settle } from '../../../src/host/settle.js';
import { type Service, serverNames } from '../../../src/service.js';
import { EditedDecisions } from '../../../src/sim/decisions.js';
import { simulate } from '../../../src/sim/simulate.js';
import { at, KEY, scenarioOf, scripted } from '../../sim/run.js';
import type { Strike } from './tcp-proxy.js';

/** What the code of a client can do in a test beyond its environment. */
export interface Stage {
  readonly env: Environment;
  /** Returns when the fault of the setting meets the next request of this client. */
  armed(): Promise<void>;
}

export type Code = (stage: Stage) => Promise<unknown>;

export interface ArmSetting {
  /** Of client A. */
  readonly strike?: Strike;
  /** SQL run beforehand. */
  readonly schema?: string;
  /** How many servers of its service a client knows; faults strike the first. Default 1. */
  readonly servers?: number;
  /** Of each Redis server. Default 1. */
  readonly replicas?: number;
}

export interface Seen {
  /** What its code returned. */
  readonly value: unknown;
  /** The requests that it sent, as a trace shows them, one server after the other. */
  readonly sent: readonly string[];
  /** How often it entered its environment. */
  readonly entered: number;
}

export interface Arm {
  readonly name: 'simulated' | 'real';
  /** Runs the code of clients A, B, … side by side. */
  run(codes: Readonly<Record<string, Code>>, setting?: ArmSetting): Promise<Record<string, Seen>>;
}

/** In the simulation faults have a time: so long after the start, which `armed` waits for. */
const STRIKE_MS = 1_000;

export function simulatedArm(service: Service): Arm {
  return {
    name: 'simulated',
    async run(codes, { strike, schema, servers = 1, replicas = 1 } = {}) {
      const names = serverNames(service, servers);
      const server = names[0]!;
      const faults: Fault[] =
        strike === undefined
          ? []
          : [{ id: 'f1', class: strike, at: at(STRIKE_MS * 1_000), client: 'A', server }];
      const values = new Map<string, { value: unknown; entered: number }>();
      const entered = new Map<string, number>();
      const count = (client: string) => entered.get(client) ?? 0;
      const script = Object.fromEntries(
        Object.entries(codes).map(([client, code]) => [
          `${client}1`,
          async (env: Environment) => {
            const before = count(client);
            const armed = () => env.sleep(STRIKE_MS + 1);
            const value = await code({ env, armed });
            values.set(client, { value, entered: count(client) - before });
          },
        ]),
      );
      const replicaLagUs = Array.from({ length: replicas }, () => 0);
      const given = { service, faults, servers, replicaLagUs };
      const setting = { ...given, ...(schema !== undefined && { schema }) };
      const { algorithm, workload } = scripted(script, schema);
      const run = await inTurn(() =>
        simulate(scenarioOf(script, setting), {
          algorithm,
          workload,
          decisions: new EditedDecisions(KEY, [], true),
          settle,
          trace: {},
          onCall: (client) => entered.set(client, count(client) + 1),
        }),
      );
      return Object.fromEntries(
        Object.keys(codes).map((client) => {
          const sent = names.flatMap((name) =>
            run
              .trace!.messages.filter(({ from, to }) => from === client && to === name)
              .map(({ text }) => text),
          );
          const seen = values.get(client);
          if (seen === undefined) throw new Error(`client ${client} did not come to an end`);
          return [client, { ...seen, sent }];
        }),
      );
    },
  };
}

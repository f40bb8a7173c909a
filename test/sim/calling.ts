/** One client that calls its server, and what it saw of it: for tests of connections and links. */
import { CallTimeout, ConnectionLost, type Environment } from '../../src/algorithms/environment.js';
import type { Fault } from '../../src/fault.js';
import { at, outcome, runScript, type Setting } from './run.js';

/** What a client saw: `PONG at 1.2`, `ConnectionLost, sent, at 3`, … */
export async function told(environment: Environment, reply: Promise<unknown>): Promise<string> {
  const [how, value] = await outcome(reply);
  const atMs = `at ${environment.monoMs()}`;
  if (how === 'ok') return `${value} ${atMs}`;
  if (value instanceof ConnectionLost) {
    return `ConnectionLost, ${value.sent ? 'sent' : 'not sent'}, ${atMs}`;
  }
  if (value instanceof CallTimeout) return `CallTimeout ${atMs}`;
  return `${(value as Error).message} ${atMs}`;
}

/** A fault of the link between A and r1, at the start unless it says otherwise. */
export function link(fault: Record<string, unknown>): Fault {
  return { id: 'f1', at: at(0), client: 'A', server: 'r1', ...fault } as Fault;
}

/** Runs A's code and returns what it pushed, and its messages in the order they were sent. */
export async function runCaller(
  code: (environment: Environment, seen: string[]) => unknown,
  setting: Setting = {},
) {
  const seen: string[] = [];
  const result = await runScript(
    { A1: (environment) => code(environment, seen) },
    { ...setting, trace: {} },
  );
  const messages = result.trace!.messages.filter(({ from, to }) => from === 'A' || to === 'A');
  const requests = messages.filter(({ from }) => from === 'A');
  return { seen, messages, requests, result };
}

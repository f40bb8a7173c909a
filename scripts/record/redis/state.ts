/**
 * All keys of a server, read at the end of a generated sequence: type, content and what is left of
 * their time, on a connection that the sequence does not use.
 */
import type { GoldenReply, GoldenStep } from './format.js';
import type { SequenceStep } from './sequence.js';

/** A connection nobody else uses: reading must not meddle with transactions. */
const READER = 25;

const CONTENT: Readonly<Record<string, readonly string[]>> = {
  string: ['GET'],
  hash: ['HGETALL'],
  list: ['LRANGE', '0', '-1'],
  set: ['SMEMBERS'],
  zset: ['ZRANGE', '0', '-1', 'WITHSCORES'],
};

type Perform = (step: SequenceStep) => Promise<GoldenStep>;

function keysIn(reply: GoldenReply | undefined): string[] {
  const isList = typeof reply === 'object' && reply !== null && 'unordered' in reply;
  return isList ? (reply.unordered as string[]) : [];
}

function typeIn(reply: GoldenReply | undefined): string {
  const isStatus = typeof reply === 'object' && reply !== null && 'status' in reply;
  return isStatus ? reply.status : '';
}

/** The steps that read everything, with what came back. */
export async function readState(perform: Perform): Promise<GoldenStep[]> {
  const steps: GoldenStep[] = [];
  const ask = async (...args: string[]): Promise<GoldenReply | undefined> => {
    const step = await perform({ type: 'command', connection: READER, args, blocks: false });
    steps.push(step);
    return step.reply;
  };
  for (const key of keysIn(await ask('KEYS', '*'))) {
    const [command, ...options] = CONTENT[typeIn(await ask('TYPE', key))] ?? [];
    if (command !== undefined) await ask(command, key, ...options);
    await ask('PTTL', key);
  }
  return steps;
}

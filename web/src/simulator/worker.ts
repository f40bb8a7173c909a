/** The simulator's worker: takes requests, answers each once, and shows that it is alive. */
import { OptionError } from '../../../src/algorithms/options.js';
import { catalogue } from './locks.js';
import { draw, play } from './play.js';
import { ALIVE_EVERY_MS, type Message, type Request } from './protocol.js';
import { Superseded } from './superseded.js';

/** Runs that are no longer wanted, by id, until they end. */
const givenUp = new Set<number>();
let working = 0;

setInterval(() => {
  if (working > 0) say({ kind: 'alive' });
}, ALIVE_EVERY_MS);

function say(message: Message): void {
  self.postMessage(message);
}

async function answer(request: Exclude<Request, { kind: 'give-up' }>): Promise<Message> {
  const { id } = request;
  try {
    if (request.kind === 'draw') return { kind: 'drawn', id, value: await draw(request.request) };
    if (request.kind === 'list') return { kind: 'listed', id, value: await catalogue() };
    const value = await play(request.plan, () => {
      if (givenUp.has(id)) throw new Superseded();
    });
    return { kind: 'played', id, value };
  } catch (error) {
    if (error instanceof Superseded) return { kind: 'superseded', id };
    const message = error instanceof Error ? error.message : String(error);
    const option = error instanceof OptionError ? error.option : undefined;
    return { kind: 'failed', id, message, ...(option !== undefined && { option }) };
  }
}

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  if (data.kind === 'give-up') {
    givenUp.add(data.id);
    return;
  }
  working++;
  say({ kind: 'alive' });
  say(await answer(data));
  working--;
  givenUp.delete(data.id);
};
say({ kind: 'ready' });

/** The simulator's worker: takes requests, answers each once, and shows that it is alive. */
import { OptionError } from '../../../src/algorithms/options.js';
import { catalogue } from './locks.js';
import { withParts } from './parts.js';
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
  const between = (): void => {
    if (givenUp.has(id)) throw new Superseded();
  };
  try {
    switch (request.kind) {
      case 'list':
        return { kind: 'listed', id, value: await withParts(catalogue) };
      case 'draw':
        return { kind: 'drawn', id, value: await withParts(() => draw(request.request)) };
      case 'play':
        return { kind: 'played', id, value: await withParts(() => play(request.plan, between)) };
    }
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

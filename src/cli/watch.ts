/** `--watch`: checks a lock file again whenever it changes. */
import { type FSWatcher, watch } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../host/engine-api.js';
import { checkOnce, checkRequest } from './commands/check.js';
import { type CliContext, type Session, withEngine } from './context.js';
import { EXIT } from './exit-code.js';
import { interruptible } from './interrupt.js';
import type { CampaignOptions } from './request.js';

/** Editors write in several steps; one check is enough for all of them. */
const SETTLES_MS = 100;
const CLEAR_SCREEN = '\u001b[2J\u001b[3J\u001b[H';

/** Checks, waits for a change, and so on, until interrupted. */
export async function checkAndWatch(
  session: Session,
  lock: string | undefined,
  options: CampaignOptions,
): Promise<number> {
  const request = checkRequest(lock, options);
  if (!('file' in request.lock)) {
    throw new UsageError('--watch needs a lock file, as in holdfast check ./my-lock.ts --watch');
  }
  if (options.json === true) throw new UsageError('--watch and --json cannot be given together');
  const { file } = request.lock;
  let code: number = EXIT.valid;
  await interruptible(session, async (stop) => {
    while (!stop.aborted) {
      const changed = nextChange(file, stop);
      if (session.terminal.interactive) session.stdout.write(CLEAR_SCREEN);
      code = await checkKindly(session, request, options, stop);
      if (stop.aborted) break;
      session.terminal.note(`watching ${file}; Ctrl-C ends`);
      await changed;
    }
  });
  return code;
}

/** A lock file that does not load is told, and waited for. */
async function checkKindly(
  session: CliContext & Session,
  request: ReturnType<typeof checkRequest>,
  options: CampaignOptions,
  stop: AbortSignal,
): Promise<number> {
  try {
    return await withEngine(session, (engine) =>
      checkOnce(session, engine, request, options, stop),
    );
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    session.terminal.note(`holdfast: ${error.message}`);
    return EXIT.usage;
  }
}

/** Resolves when the file has changed and come to rest, or the watch is over. */
function nextChange(file: string, stop: AbortSignal): Promise<void> {
  const watcher = watcherOf(path.dirname(file));
  return new Promise((resolve) => {
    const name = path.basename(file);
    let rest: NodeJS.Timeout | undefined;
    watcher.on('change', (_event, changed) => {
      if (changed !== name) return;
      clearTimeout(rest);
      rest = setTimeout(done, SETTLES_MS);
    });
    const done = () => {
      clearTimeout(rest);
      stop.removeEventListener('abort', done);
      watcher.close();
      resolve();
    };
    stop.addEventListener('abort', done, { once: true });
  });
}

function watcherOf(folder: string): FSWatcher {
  try {
    return watch(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const remedy = code === 'ENOENT' ? 'create it, or name another file' : 'name another file';
    throw new UsageError(`--watch: the folder ${folder} cannot be watched (${code}); ${remedy}`);
  }
}

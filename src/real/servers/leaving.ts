/**
 * The end of this process is the end of the servers it started, however it comes: by itself, by an
 * exception, by Ctrl-C, by SIGTERM or SIGHUP. Against SIGKILL nothing helps but the records
 * (state.ts).
 */

/** Ends something at once, without waiting for events. */
type Ending = () => void;

const endings = new Set<Ending>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function endAll(): void {
  for (const end of [...endings]) {
    endings.delete(end);
    try {
      end();
    } catch {
      // The record stays, so the next start tries again; the others must end too.
    }
  }
}

/** Who listens besides us decides what the signal means; alone we leave as if nobody listened. */
function leave(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  endAll();
  forget();
  process.kill(process.pid, signal);
}

function forget(): void {
  process.off('exit', endAll);
  for (const signal of SIGNALS) process.off(signal, leave);
}

/** Calls it when the process leaves; the answer takes that back. */
export function whenLeaving(end: Ending): () => void {
  if (endings.size === 0) {
    process.on('exit', endAll);
    for (const signal of SIGNALS) process.on(signal, leave);
  }
  endings.add(end);
  return () => {
    if (endings.delete(end) && endings.size === 0) forget();
  };
}

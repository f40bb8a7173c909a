/**
 * Ctrl-C or SIGTERM: the first one stops the work, and what was found so far is printed; a second
 * one ends the program at once.
 */
import type { CliContext } from './context.js';
import { EXIT } from './exit-code.js';

export async function interruptible<T>(
  context: CliContext,
  body: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const forget = context.onInterrupt(() => {
    if (controller.signal.aborted) context.exitNow(EXIT.interrupted);
    controller.abort();
  });
  try {
    return await body(controller.signal);
  } finally {
    forget();
  }
}

/** The same for work that cannot be stopped half-way: the first interruption gives it up. */
export async function abandonable<T>(
  context: CliContext,
  body: () => Promise<T>,
): Promise<T | 'interrupted'> {
  return interruptible(context, (stop) => {
    const given = new Promise<'interrupted'>((resolve) => {
      stop.addEventListener('abort', () => resolve('interrupted'), { once: true });
    });
    return Promise.race([body(), given]);
  });
}

/**
 * Real asynchronous work in lock code — files, sockets, `crypto.subtle`, a dynamic `import()` — is
 * invisible to any drain: it finishes in real time, long after virtual time has gone on. When a run
 * hangs or differs, it is repeated under `async_hooks`, and the first such resource that was opened
 * by client code is named with its place (docs/semantics.md, D5).
 */
import { createHook } from 'node:async_hooks';
import type { Finding } from '../finding.js';
import { activeWorld } from '../sim/world.js';
import { locate } from './place.js';

/** Resources of the language and of our own drain. */
const OURS = new Set(['PROMISE', 'TickObject', 'Microtask', 'Immediate', 'AbortSignal']);
/** As Node names its own. What code makes to keep a context (`AsyncResource`) waits for nothing. */
const OF_NODE = /^(?:[A-Z][A-Z0-9_]{2,}|Timeout)$/;

/** Runs `body` and answers what real work client code began meanwhile. */
export async function watchRealWork(body: () => Promise<unknown>): Promise<Finding | undefined> {
  let found: Finding | undefined;
  const hook = createHook({
    init(_id, type) {
      const world = activeWorld();
      if (found !== undefined || world?.running === undefined) return;
      if (OURS.has(type) || !OF_NODE.test(type)) return;
      const place = locate();
      // Without code under test on the stack it is Node's, or the transpiler's, which keeps files.
      if (place === undefined) return;
      found = {
        kind: 'real-asynchronous-work',
        message:
          `lock code began real asynchronous work (${type}), ` +
          'which virtual time does not wait for',
        atUs: world.nowUs,
        host: world.running.name,
        isOfTime: true,
        place,
      };
    },
  });
  hook.enable();
  try {
    await body();
  } finally {
    hook.disable();
  }
  return found;
}

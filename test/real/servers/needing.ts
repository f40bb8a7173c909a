/**
 * Tests that need real server programs: without them they say loudly that they did not look, and
 * how to install what is missing; in CI they fail.
 */
import { it } from 'vitest';
import { whatIsMissing } from '../../../src/real/servers/available.js';
import { identityOf, isAlive } from '../../../src/real/servers/process-identity.js';
import type { ServerKind } from '../../../src/real/servers/server.js';

const said = new Set<string>();

/** Whether nothing is missing; what is, it says, and throws it in CI. */
function look(missing: string | undefined): boolean {
  if (missing === undefined) return true;
  if (process.env['CI'] !== undefined) throw new Error(missing);
  if (!said.has(missing)) console.warn(`\n!!! REAL SERVERS ARE NOT TESTED: ${missing}\n`);
  said.add(missing);
  return false;
}

const missingOf = (kinds: readonly ServerKind[]) =>
  kinds.flatMap((kind) => whatIsMissing(kind) ?? [])[0];

/** Whether these programs are there, for files that test other things as well. */
export function isInstalled(...kinds: readonly ServerKind[]): boolean {
  return look(missingOf(kinds));
}

/** `it` for tests that need these programs. */
export function itNeeds(...kinds: readonly ServerKind[]) {
  const missing = missingOf(kinds);
  return (name: string, body: () => Promise<void>): void => {
    it(name, async () => {
      if (look(missing)) await body();
    });
  };
}

/** Whether a process is there and not only waits to be forgotten. */
export function runs(pid: number | undefined): boolean {
  const identity = pid === undefined ? undefined : identityOf(pid);
  return identity !== undefined && isAlive(identity);
}

/**
 * Connections that overtake each other. A client opens them in one order, in which they are met at
 * a proxy too; where a network delays what goes first on one, a server hears of a later one before.
 */
import { isHeartbeat, type Step } from './score.js';

type OfConnection = Extract<Step, { readonly connection: number }>;

/**
 * The connections of the same client to the same server that were opened before this one and have
 * requests in the story. Numbers are in the order of opening.
 */
export function overtakenBy(
  { client, server, connection }: Pick<OfConnection, 'client' | 'server' | 'connection'>,
  steps: readonly Step[],
): number[] {
  const earlier = steps.flatMap((step) =>
    step.step === 'request' &&
    step.client === client &&
    step.server === server &&
    step.connection < connection &&
    // What finds its server down may never be seen by a proxy.
    step.fate !== 'unheard' &&
    !isHeartbeat(step.text)
      ? [step.connection]
      : [],
  );
  return [...new Set(earlier)];
}

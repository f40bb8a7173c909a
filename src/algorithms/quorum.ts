/**
 * Votes of several independent servers. A count is over as soon as the outcome is certain, so a
 * silent server delays nobody whom the others can answer.
 */
import { isCallFailure } from './call-failure.js';

/** Servers that must agree: more than half, so that any two quorums share one. */
export function majority(servers: number): number {
  return Math.floor(servers / 2) + 1;
}

/** How the votes stood when the outcome became certain. */
export interface Count {
  readonly yes: number;
  readonly no: number;
  readonly failed: number;
}

/**
 * Counts until `quorum` votes are yes or can no longer be. Votes that come later are ignored; a
 * vote that failed is one that cannot become yes.
 */
export function countVotes(votes: readonly Promise<boolean>[], quorum: number): Promise<Count> {
  return new Promise((resolve, reject) => {
    const count = { yes: 0, no: 0, failed: 0 };
    const counted = (): void => {
      const open = votes.length - count.yes - count.no - count.failed;
      if (count.yes >= quorum || count.yes + open < quorum) resolve({ ...count });
    };
    for (const vote of votes) {
      vote.then(
        (yes) => {
          count[yes ? 'yes' : 'no'] += 1;
          counted();
        },
        (error: unknown) => {
          if (!isCallFailure(error)) return reject(error);
          count.failed += 1;
          counted();
        },
      );
    }
  });
}

/** Neither a quorum of yes nor enough answers to know that there is none. */
export class NoQuorum extends Error {
  override readonly name = 'NoQuorum';
  constructor(didWhat: string, count: Count, servers: number) {
    const { yes, no, failed } = count;
    super(`${yes} of ${servers} servers ${didWhat}, ${no} did not, ${failed} failed`);
  }
}

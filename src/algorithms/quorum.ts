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
 * Counts answers until `quorum` of them are `yes` or can no longer be. What comes later is ignored;
 * an answer that failed is one that cannot become yes.
 */
export function countVotes<T>(
  answers: readonly Promise<T>[],
  yes: T,
  quorum: number,
): Promise<Count> {
  return new Promise((resolve, reject) => {
    const count = { yes: 0, no: 0, failed: 0 };
    let certain = false;
    const counted = (): void => {
      const open = answers.length - count.yes - count.no - count.failed;
      certain = count.yes >= quorum || count.yes + open < quorum;
      if (certain) resolve(count);
    };
    const onAnswer = (answer: T): void => {
      if (certain) return;
      if (answer === yes) count.yes += 1;
      else count.no += 1;
      counted();
    };
    const onFailure = (error: unknown): void => {
      if (!isCallFailure(error)) return reject(error);
      if (certain) return;
      count.failed += 1;
      counted();
    };
    for (const answer of answers) answer.then(onAnswer, onFailure);
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

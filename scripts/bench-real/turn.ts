/** What the benchmark and its client process tell each other. */

export interface Work {
  readonly redisPort: number;
  readonly storePort: number;
  /** With the journal and without it, in turns. */
  readonly turns: number;
  /** Of each turn. */
  readonly operations: number;
}

/** How often everything is said in a turn that is recorded. */
export const TIMES = 20;

export interface Turn {
  readonly recorded: boolean;
  /** CPU time that the process has used, user and system. */
  readonly cpuUs: number;
  /** What it would have said, if it was silent. */
  readonly lines: number;
}

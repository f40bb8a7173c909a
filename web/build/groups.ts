/**
 * Which modules the page loads only when a run needs them, in groups that come together
 * (docs/decisions/0017). A module belongs here if what it exports is functions, or plain data with
 * functions in it, and if the first runs somebody sees do without it.
 */

const COMMANDS = 'src/sim/servers/redis/commands';
const LUA = 'src/sim/servers/redis/lua';
const LIBRARY = `${LUA}/library`;

export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  /** Redis' data types beyond strings, and who follows them for the lease records. */
  collections: [
    `${COMMANDS}/blocking-pops.ts`,
    `${COMMANDS}/hashes.ts`,
    `${COMMANDS}/key-names.ts`,
    `${COMMANDS}/lists.ts`,
    `${COMMANDS}/pubsub.ts`,
    `${COMMANDS}/scan.ts`,
    `${COMMANDS}/sets.ts`,
    `${COMMANDS}/string-bytes.ts`,
    `${COMMANDS}/zset-ranges.ts`,
    `${COMMANDS}/zsets.ts`,
    'src/sim/servers/redis/pattern.ts',
    'src/sim/servers/redis/sorted-set.ts',
    'src/sim/services/field-leases.ts',
    'src/sim/services/list-queue.ts',
    'src/sim/services/permit-leases.ts',
    'src/sim/services/side-keys.ts',
  ],
  /** Numbers that are counted, and expiry times that are set anew: fencing counters, renewals. */
  counters: [
    `${COMMANDS}/counters.ts`,
    `${COMMANDS}/expiry.ts`,
    'src/sim/servers/redis/long-double.ts',
  ],
  /** Commands of people who look after a server. */
  administration: [
    `${COMMANDS}/connection.ts`,
    `${COMMANDS}/server.ts`,
    `${COMMANDS}/transactions.ts`,
  ],
  /** Who strikes, if the scenario has faults. */
  nemesis: ['src/sim/nemesis.ts'],
  /** What scripts of locks seldom call. */
  'lua-libraries': [
    `${LIBRARY}/bit-library.ts`,
    `${LIBRARY}/json-decode.ts`,
    `${LIBRARY}/json-encode.ts`,
    `${LIBRARY}/load.ts`,
    `${LIBRARY}/math-library.ts`,
    `${LIBRARY}/msgpack-library.ts`,
    `${LIBRARY}/standard.ts`,
    `${LIBRARY}/string-library.ts`,
    `${LIBRARY}/struct-library.ts`,
    `${LIBRARY}/table-library.ts`,
    `${LUA}/runtime/transcendental.ts`,
    `${LUA}/utf8.ts`,
  ],
  /** Scripts at all: locks that give back by a plain command do without. */
  lua: [`${COMMANDS}/scripting.ts`, `${LUA}/index.ts`],
  /** What scripts that only compare and delete have none of. */
  'lua-statements': [
    `${LUA}/compile/assignments.ts`,
    `${LUA}/compile/loops.ts`,
    `${LUA}/compile/tables.ts`,
    `${LIBRARY}/arguments.ts`,
    `${LIBRARY}/base.ts`,
    `${LIBRARY}/protected-call.ts`,
    `${LIBRARY}/redis-replies.ts`,
    `${LUA}/runtime/decimal.ts`,
    `${LUA}/runtime/float.ts`,
    `${LUA}/runtime/printf.ts`,
    `${LUA}/runtime/operations.ts`,
    `${LUA}/syntax/constructors.ts`,
    `${LUA}/syntax/statements.ts`,
  ],
  /** Violations in words: those that most lessons show, and the others. */
  overlaps: [
    'src/checkers/access-verdict.ts',
    'src/checkers/overlap.ts',
    'src/checkers/overlap-verdict.ts',
    'src/story/narrative/double-grant.ts',
    'src/story/narrative/mutual-exclusion.ts',
    'src/story/narrative/resource-safety.ts',
  ],
  narratives: [
    'src/story/narrative/belief.ts',
    'src/story/narrative/campaign.ts',
    'src/story/narrative/fairness.ts',
    'src/story/narrative/fencing.ts',
    'src/story/narrative/kept-waiting.ts',
    'src/story/narrative/leak.ts',
    'src/story/narrative/ownership.ts',
    'src/story/narrative/progress.ts',
    'src/story/narrative/reentrancy.ts',
  ],
  workloads: [
    'src/workloads/forgetful.ts',
    'src/workloads/job-runner.ts',
    'src/workloads/leader-election.ts',
    'src/workloads/metadata-recovery.ts',
    'src/workloads/payment.ts',
    'src/workloads/queue-worker.ts',
    'src/workloads/rate-limit.ts',
    'src/workloads/read-mostly-cache.ts',
    'src/workloads/ticket-seats.ts',
  ],
  /** Only whoever misspelt a name, or brought a lock that is none, needs it. */
  refusals: [
    'src/algorithms/option-words.ts',
    'src/nearest.ts',
    'src/sim/servers/redis/no-command.ts',
    'src/sim/services/wrong-words.ts',
    'src/sim/wrong-answers.ts',
  ],
  /** What few locks declare, and what is asked only of runs that look wrong. */
  checkers: [
    'src/checkers/damage.ts',
    'src/checkers/fairness.ts',
    'src/checkers/knowledge.ts',
    'src/checkers/notice.ts',
    'src/checkers/orphans.ts',
    'src/checkers/permits.ts',
    'src/checkers/read-write.ts',
    'src/checkers/reentrancy.ts',
    'src/checkers/tokens.ts',
    'src/checkers/unseen-leases.ts',
    'src/checkers/waiting.ts',
    'src/sim/queues.ts',
    'src/sim/services/unseen-writes.ts',
    'src/timeline/turns.ts',
  ],
};

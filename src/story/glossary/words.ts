/** Verdicts, exit codes and other words of a report, in the glossary's words. */
import type { Entry } from './entry.js';
import { CHUBBY, GRAY_CHERITON, JEPSEN_HISTORY, KLEPPMANN, REDIS_PAGE } from './sources.js';

type WordEntry = Entry & { readonly kind: 'word' };

const word = (entry: Omit<WordEntry, 'kind'>): WordEntry => ({ ...entry, kind: 'word' });

export const WORD_ENTRIES: readonly WordEntry[] = [
  word({
    name: 'valid',
    short: 'nothing was found',
    means:
      'The property held in every run in which it could be judged, or every violation is ' +
      'one that ' +
      'the lock claims (then it is marked "as claimed"). Exit code 0.',
    example: '✓ ownership',
    helps: 'A campaign finds or does not find; it proves nothing. More runs find more.',
    source: 'docs/semantics.md, R13',
  }),
  word({
    name: 'invalid',
    short: 'a run breaks the property',
    means: 'There is a run that breaks it, and the report shows the smallest one. Exit code 1.',
    example: '✗ mutual-exclusion',
    helps: 'Read "why", replay the run, and see holdfast explain <class>.',
    source: 'docs/semantics.md, R13',
  }),
  word({
    name: 'unknown',
    short: 'no verdict',
    means:
      'A limit was hit, a goal was not reached, the history is malformed, or the lock code did ' +
      'something that makes a run meaningless (a finding). Exit code 2; never green.',
    example: '? coverage   not reached: expiry while holding',
    helps: 'The line says why. More runs, or a lock that keeps to its environment.',
    source: 'docs/semantics.md, R13',
  }),
  word({
    name: 'not-applicable',
    short: 'the lock does not offer it',
    means: 'There was nothing to judge: a lock without fencing tokens has no fencing to break.',
    example: '– fencing   not applicable: no grant carried a fencing token',
    helps: 'Nothing has to.',
    source: 'docs/semantics.md, R11 and R12',
  }),
  word({
    name: 'exit-codes',
    short: 'what the exit code says',
    means:
      '0 valid, or all as claimed · 1 invalid, a broken promise, or a known break that ' +
      'is no longer ' +
      'found · 2 unknown · 64 the command line, lock file, scenario or replay code is ' +
      'wrong · 70 a ' +
      'bug of Holdfast · 130 interrupted with nothing found (1 if something was).',
    example: 'holdfast check ./my-lock.ts && deploy',
    helps: 'Treat everything but 0 as a stop.',
    source: 'docs/semantics.md, Names',
  }),
  word({
    name: 'claim',
    short: 'the worst outcome that the author of a lock accepts',
    means:
      'For each property and fault class a lock says that it holds, or what may happen, why, and ' +
      'who says so. A violation that is no worse than the claim is expected (marked !); a worse ' +
      'one fails. --strict ignores all claims.',
    example: 'redlock claims inherent-overlap under pause.',
    helps: 'Claim what you know; a claim is a promise about everything that is not listed.',
    source: 'docs/semantics.md, R13',
  }),
  word({
    name: 'replay-code',
    short: 'a run as text',
    means:
      'hf1_… holds the scenario and every decision of a run that is not the default; holdfast ' +
      'replay makes the same run anywhere, and says so if it differs.',
    example: 'npx holdfast replay hf1_… --lock ./my-lock.ts',
    helps: 'Paste it into an issue, or keep it as a regression test.',
    source: 'docs/semantics.md, R6',
  }),
  word({
    name: 'lease',
    short: 'the lock for a limited time',
    means:
      'A contract of the service with a holder that ends by itself: a key with a TTL. It lets ' +
      'others go on when a holder dies, and it makes every lock that relies on it a ' +
      'matter of time.',
    example: 'SET orders owner-1 NX PX 10000',
    helps: 'Know when it ends on your own monotonic clock, and stop before.',
    source: GRAY_CHERITON,
  }),
  word({
    name: 'probe',
    short: 'a client that comes when all faults are over, and must get the lock',
    means:
      'Every run ends with it: the world has healed, and nobody else wants the lock any more. ' +
      'If it does not get the lock within the time that a healed world may take, something is ' +
      'left that keeps it out, and progress is broken. In a timeline it is the client P.',
    example: 'P is granted the lock 36 ms after the heal.',
    helps: 'Leases that end by themselves; servers that let go of what nobody stands behind.',
    source: 'docs/semantics.md, R10',
  }),
  word({
    name: 'fencing-token',
    short: 'a number that increases with every grant',
    means:
      'The lock hands it out with the grant, the holder sends it with every access, and the ' +
      'resource refuses lower ones than the highest it has seen. The sequencer of Chubby ' +
      'does the ' +
      'same.',
    example: 'B writes with 34; a late write of A with 33 is refused.',
    helps: 'It is the only thing that helps against inherent-overlap.',
    source: `${KLEPPMANN}; ${CHUBBY}`,
  }),
  word({
    name: 'owner-id',
    short: 'a random value that proves whose the key is',
    means: 'Unique for every grant; a release or renewal that does not carry it must do nothing.',
    example: "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end",
    helps: 'It keeps ownership. It does not order holders: that is what a fencing token is for.',
    source: `${REDIS_PAGE}, section "Correct Implementation with a Single Instance"`,
  }),
  word({
    name: 'story-row',
    short: 'one line of a printed counterexample',
    means:
      'An operation that was invoked or ended, enter, an act, exit, the end of a lease, a fault; ' +
      'the messages of one attempt to several servers are one row. Rows marked • prove the ' +
      'verdict, and ✗ is where the property breaks.',
    example: '10.003 s ✗ its write leaves',
    helps: 'Read from the top; the sentences under "why" say the same in words.',
    source: 'docs/semantics.md, Names',
  }),
  word({
    name: 'history',
    short: 'what the checkers see of a run',
    means:
      'The records of a run in order: operations, sections, leases at the servers and ' +
      'their ends, ' +
      'clocks, pauses, faults. An operation ends as ok, fail or info (nobody knows).',
    example: 'holdfast check redlock --trace out.json writes it out, with all that lies beneath.',
    helps: 'Two people who disagree about a verdict can look at the same history.',
    source: `docs/semantics.md, R0; ${JEPSEN_HISTORY}`,
  }),
];

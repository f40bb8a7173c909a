/**
 * Hammers every lock on its real server, but those that are flawed on purpose. `npm run real:soak`
 * has `holdfast real soak` do so, and writes what it says to the section "Locks under real faults"
 * of reports/conformance.md. Only some, and nothing written: `npm run real:soak redlock`.
 */
import {
  isUnclaimed,
  nameOf,
  type RealProperty,
  type RealSoakReport,
} from '../../src/cli/real-report.js';
import { everyLock, type Listed, real, row } from './every-lock.js';

interface Soaked extends RealSoakReport {
  /** What broke as claimed, what is in doubt, and what broke otherwise, each once. */
  readonly claimed: readonly string[];
  readonly doubtful: readonly string[];
  readonly broken: readonly string[];
}

const TIME = '60s';
const CLIENTS = '8';

async function soakLock({ name }: Listed): Promise<Soaked> {
  const report = await real<RealSoakReport>('soak', name, ['--time', TIME, '--clients', CLIENTS]);
  const violations = report.rounds.flatMap((round) => round.violations);
  const named = (all: readonly RealProperty[]) => [...new Set(all.map(nameOf))];
  const told = {
    claimed: named(violations.filter(({ expected }) => expected === true)),
    doubtful: named(violations.filter(({ verdict }) => verdict === 'unknown')),
    broken: named(violations.filter(isUnclaimed)),
  };
  const findings = report.rounds.flatMap((round) => round.findings);
  const doubtful = [...told.doubtful, ...new Set(findings)];
  console.log(`${report.verdict.padEnd(8)} ${name}`);
  for (const { why } of violations) if (why !== undefined) console.log(`  ${why}`);
  return { ...report, ...told, doubtful };
}

function section(all: readonly Soaked[]): string {
  const rows = all.map(({ lock, rounds, claimed, doubtful, broken }) => {
    const sum = (of: (round: RealSoakReport['rounds'][number]) => number) =>
      rounds.reduce((total, round) => total + of(round), 0).toLocaleString('en');
    const counts = [
      sum(() => 1),
      sum(({ acquired }) => acquired),
      sum(({ requests }) => requests),
      sum(({ faults }) => Object.values(faults).reduce((total, times) => total + times, 0)),
      sum(({ differences }) => differences.length),
    ];
    const said = [claimed, doubtful, broken].map((names) => names.join('; ') || '–');
    return row([`\`${lock}\``, ...counts, ...said, rounds.map(({ rssMb }) => rssMb).join(', ')]);
  });
  const kept = all.filter(({ rounds, broken }) => rounds.length > 0 && broken.length === 0).length;
  const seconds = TIME.slice(0, -1);
  return [
    '## Locks under real faults',
    '',
    `\`holdfast real soak\` for ${seconds} s by ${CLIENTS} client processes, each kind of fault`,
    `that it makes among them. **Nothing broke that is not claimed** in ${kept} of ${all.length}.`,
    '! is what broke as claimed, ? what is in doubt because a server answered otherwise than its',
    'model: the order of requests was another then, or a key expired between two bounds; such',
    'replies are counted. Memory is that of the tool after each round. Written by',
    '`npm run real:soak`.',
    '',
    row(['lock', 'rounds', 'acquired', 'requests', 'faults', 'replies', '!', '?', '✗', 'MB']),
    row(['---', '---:', '---:', '---:', '---:', '---:', '---', '---', '---', '---']),
    ...rows,
    '',
  ].join('\n');
}

await everyLock(({ flawed }) => !flawed, soakLock, section);

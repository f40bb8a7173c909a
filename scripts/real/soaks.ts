/**
 * Hammers every lock on its real server, but those that are flawed on purpose. `npm run real:soak`
 * has `holdfast real soak` do so, and writes what it says to the section "Locks under real faults"
 * of reports/conformance.md. Only some, and nothing written: `npm run real:soak redlock`.
 */
import { everyLock, type Listed, real, row } from './every-lock.js';

interface Soaked {
  readonly lock: string;
  readonly rounds: number;
  readonly acquired: string;
  readonly requests: string;
  /** How many faults struck. */
  readonly faults: number;
  /** Memory of the process after each round, in MB. */
  readonly memory: readonly string[];
  /** What broke as claimed, what is in doubt, and what broke otherwise: `! leak: until-ttl, …`. */
  readonly others: readonly string[];
  /** Replies that were not those of a model, as far as they were told. */
  readonly replies: number;
}

const TIME = '60s';
const CLIENTS = '8';
/** `round 1 · 33 acquired · 343 requests · pause 3, delay 2 · 147 MB` */
const ROUND = /^round \d+ · .*requests · (.*) · (\d+) MB$/;
/** `✓ nothing unclaimed broke · 4 rounds · 133 acquired · 1,343 requests` */
const TOTAL = / · (\d+) rounds? · ([\d,]+) acquired · ([\d,]+) requests/;
/** `? r1 answered C OK, the model (nil): SET …` */
const REPLY = /^\? \S+ answered /;

async function soakLock({ name: lock }: Listed): Promise<Soaked> {
  const { code, lines } = await real('soak', lock, ['--time', TIME, '--clients', CLIENTS]);
  const total = lines.map((line) => TOTAL.exec(line)).find((found) => found !== null) ?? undefined;
  const [, rounds = '0', acquired = '0', requests = '0'] = total ?? [];
  const memory = lines.flatMap((line) => ROUND.exec(line)?.[2] ?? []);
  const faults = lines
    .flatMap((line) => ROUND.exec(line)?.[1]?.match(/\d+/g) ?? [])
    .reduce((sum, times) => sum + Number(times), 0);
  const said = new Set(lines.filter((line) => /^[!?✗] /.test(line) && !TOTAL.test(line)));
  const others = [...said].filter((line) => !REPLY.test(line));
  const replies = lines.filter((line) => REPLY.test(line)).length;
  console.log(`${code === 0 ? 'as claimed' : `exit ${code}`}  ${lock}  ${acquired} acquired`);
  for (const line of code === 0 ? others : lines) console.log(`  ${line}`);
  const counts = { rounds: Number(rounds), acquired, requests, faults, replies };
  return { lock, ...counts, memory, others };
}

function section(all: readonly Soaked[]): string {
  const rows = all.map((one) => {
    const { lock, rounds, acquired, requests, faults, replies, memory, others } = one;
    const of = (sign: string) => {
      const said = others.filter((line) => line.startsWith(sign));
      return said.map((line) => line.slice(2).replace(/, as claimed$/, '')).join('; ') || '–';
    };
    const cells = [String(rounds), acquired, requests, faults.toLocaleString('en')];
    const broke = [of('!'), of('?'), of('✗')];
    return row([`\`${lock}\``, ...cells, String(replies), ...broke, memory.join(', ')]);
  });
  const kept = all.filter(
    ({ rounds, others }) => rounds > 0 && !others.some((line) => line.startsWith('✗')),
  ).length;
  const seconds = TIME.slice(0, -1);
  return [
    '## Locks under real faults',
    '',
    `\`holdfast real soak\` for ${seconds} s by ${CLIENTS} client processes, each kind of fault`,
    `that it makes among them. **Nothing broke that is not claimed** in ${kept} of ${all.length}.`,
    '! is what broke as claimed, ? what is in doubt because a server answered otherwise than its',
    'model: the order of requests was another then, or a key expired between two bounds. Three',
    'such replies of a round are told, and counted here. Memory is that of the tool after each',
    'round. Written by `npm run real:soak`.',
    '',
    row(['lock', 'rounds', 'acquired', 'requests', 'faults', 'replies', '!', '?', '✗', 'MB']),
    row(['---', '---:', '---:', '---:', '---:', '---:', '---', '---', '---', '---']),
    ...rows,
    '',
  ].join('\n');
}

await everyLock(({ flawed }) => !flawed, soakLock, section);

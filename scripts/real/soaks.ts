/**
 * Hammers every lock on its real server, but those that are flawed on purpose. `npm run real:soak`
 * has `holdfast real soak` do so, and writes what it says to the section "Locks under real faults"
 * of reports/conformance.md. Only some, and nothing written: `npm run real:soak redlock`.
 */
import { everyLock, type Listed, real, row } from './every-lock.js';

interface Soaked {
  readonly lock: string;
  readonly code: number;
  readonly rounds: number;
  readonly acquired: string;
  readonly requests: string;
  /** How many faults struck. */
  readonly faults: number;
  /** Memory of the process after the third round, when all code is loaded, and at the end. */
  readonly memory: string;
  /** What broke as claimed, what is in doubt, and what broke otherwise: `! leak: until-ttl, …`. */
  readonly others: readonly string[];
}

const TIME = '60s';
const CLIENTS = '8';
/** `round 1 · 33 acquired · 343 requests · pause 3, delay 2 · 147 MB` */
const ROUND = /^round \d+ · .*requests · (.*) · \d+ MB$/;
/** `✓ nothing unclaimed broke · 4 rounds · 133 acquired · 1,343 requests · 150 MB …` */
const TOTAL = / · (\d+) rounds? · ([\d,]+) acquired · ([\d,]+) requests(?: · (.*))?$/;

async function soakLock({ name: lock }: Listed): Promise<Soaked> {
  const { code, lines } = await real('soak', lock, ['--time', TIME, '--clients', CLIENTS]);
  const total = lines.map((line) => TOTAL.exec(line)).find((found) => found !== null) ?? undefined;
  const [, rounds = '0', acquired = '0', requests = '0', memory = '–'] = total ?? [];
  const faults = lines
    .flatMap((line) => ROUND.exec(line)?.[1]?.match(/\d+/g) ?? [])
    .reduce((sum, times) => sum + Number(times), 0);
  const others = [...new Set(lines.filter((line) => /^[!?✗] /.test(line) && !TOTAL.test(line)))];
  console.log(`${code === 0 ? 'as claimed' : `exit ${code}`}  ${lock}  ${acquired} acquired`);
  for (const line of code === 0 ? others : lines) console.log(`  ${line}`);
  return { lock, code, rounds: Number(rounds), acquired, requests, faults, memory, others };
}

function section(all: readonly Soaked[]): string {
  const rows = all.map((one) => {
    const { lock, rounds, acquired, requests, faults, memory, others } = one;
    const of = (sign: string) => {
      const said = others.filter((line) => line.startsWith(sign));
      return said.map((line) => line.slice(2).replace(/, as claimed$/, '')).join('; ') || '–';
    };
    const cells = [String(rounds), acquired, requests, faults.toLocaleString('en')];
    return row([`\`${lock}\``, ...cells, of('!'), of('?'), of('✗'), memory]);
  });
  const kept = all.filter(({ others }) => !others.some((line) => line.startsWith('✗'))).length;
  return [
    '## Locks under real faults',
    '',
    `\`holdfast real soak\` for ${TIME.slice(0, -1)} s by ${CLIENTS} client processes, each kind`,
    'of fault that it makes among them. **Nothing broke that is not claimed** in',
    `${kept} of ${all.length}. What broke as claimed is listed; ? is what the bounds of what was`,
    'recorded leave open. Written by `npm run real:soak`.',
    '',
    row(['lock', 'rounds', 'acquired', 'requests', 'faults', '!', '?', '✗', 'memory']),
    row(['---', '---:', '---:', '---:', '---:', '---', '---', '---', '---']),
    ...rows,
    '',
  ].join('\n');
}

await everyLock(({ flawed }) => !flawed, soakLock, section);

/** `reports/published-failures.md` and `.json`: what came of each published failure. */
import type { PublishedFailure, Shown, Use } from './failure.js';
import { type Found, named, SEED, type Survived } from './search.js';

/** What came of one failure. */
export interface Outcome {
  readonly failure: PublishedFailure;
  /** Absent: no run shows it. */
  readonly found?: Found;
  /** Runs made in vain. */
  readonly soughtRuns?: number;
  readonly survived?: Survived;
}

/** Where and how the figures were made. */
export interface Made {
  readonly command: string;
  readonly machine: string;
  readonly seconds: number;
  readonly findRunsMax: number;
  readonly cleanRuns: number;
}

/** What is wrong with a row; `undefined` if nothing. */
export function complaint({ failure, found, soughtRuns, survived }: Outcome): string | undefined {
  const { number, id } = failure;
  if ('cannot' in failure) return found && `${number} ${id}: it can be shown after all`;
  if (found === undefined) return `${number} ${id}: not found in ${soughtRuns} runs`;
  const failed = survived?.failed;
  return failed && `${number} ${id}: the clean variant, run ${survived.runs + 1}: ${failed}`;
}

export function reportJson(outcomes: readonly Outcome[], made: Made): string {
  const failures = outcomes.map((outcome) => {
    const { number, id, citation } = outcome.failure;
    return { number, id, citation, ...figures(outcome) };
  });
  return `${JSON.stringify({ ...made, seed: SEED, failures }, null, 2)}\n`;
}

function figures({ failure, found, soughtRuns, survived }: Outcome) {
  if ('cannot' in failure) {
    const { cannot, tried } = failure;
    return { cannot, ...(tried && { tried, runsInVain: soughtRuns }) };
  }
  const { property, class: name, note, clean } = failure;
  const { runs, ms, shrinkMs, counterexample } = found ?? {};
  return {
    ...used(failure),
    property,
    ...(name && { class: name }),
    ...(note && { note }),
    ...(counterexample && {
      runs,
      ms: Math.round(ms!),
      shrinkMs: Math.round(shrinkMs!),
      faults: counterexample.necessary,
      why: counterexample.why,
      replay: counterexample.replay,
    }),
    clean: 'none' in clean ? clean : { ...clean, survivedRuns: survived?.runs },
  };
}

function used({ lock, set, workload, ttlMs, waitMs }: Use): Use {
  return {
    lock,
    ...(set && { set }),
    ...(workload && { workload }),
    ...(ttlMs !== undefined && { ttlMs }),
    ...(waitMs !== undefined && { waitMs }),
  };
}

const COLUMNS = [
  'no.',
  'id',
  'shown by',
  'property (class)',
  'faults necessary',
  'runs',
  'ms',
  'replay',
  'clean variant',
  'survives',
  'published in',
];

export function reportMarkdown(outcomes: readonly Outcome[], made: Made): string {
  const { command, machine, seconds, findRunsMax, cleanRuns } = made;
  const rows = outcomes.filter(({ found }) => found !== undefined);
  const others = outcomes.filter(({ found }) => found === undefined);
  return [
    '# Published failures',
    '',
    `Written by \`${command}\` on ${machine},`,
    `in ${seconds} s, on one thread.`,
    '',
    `${rows.length} failures of locks that somebody published, each found by the search. Runs of`,
    `seed ${SEED} are drawn from the default distribution, every fault class on, with the options`,
    'and the workload of the row, until one shows the property in the class of the row, and still',
    'shows it when only the faults of the published story are left in it. Runs and milliseconds',
    `count up to there; the search gives up after ${findRunsMax.toLocaleString('en')} runs. The`,
    'faults necessary are those of the smallest run, which the replay code makes again.',
    '',
    `A variant is clean if ${cleanRuns.toLocaleString('en')} runs of the same distribution, every`,
    'fault class on, hold nothing of the kind:',
    '',
    '- no run shows the same property in the same class, or in a worse one, by the faults of the',
    '  story alone;',
    '- every violation of any property is one that the lock claims for the faults that cause it;',
    '- no verdict is unknown, and the runs reach all that a campaign has to reach.',
    '',
    'Where no lock can do better and the resource has to help, the variant is judged by the',
    'property named beside it.',
    '',
    cells(COLUMNS),
    cells(COLUMNS.map(() => '---')),
    ...rows.map(row),
    '',
    ...(others.length === 0 ? [] : ['## Not shown', '', ...others.flatMap(notShown)]),
    '## Replay codes',
    '',
    'Each makes the smallest run of its row again, and tells it.',
    '',
    ...rows.flatMap(code),
  ].join('\n');
}

function row({ failure, found, survived }: Outcome): string {
  const { number, id, citation, property, class: name, note, clean } = failure as Shown;
  const { runs, ms, counterexample } = found!;
  const { necessary } = counterexample;
  const variant = 'none' in clean ? `none: ${clean.none}` : cleanWords(clean);
  return cells([
    String(number),
    `\`${id}\``,
    useWords(failure as Shown),
    named({ property, ...(name && { class: name }) }) + (note === undefined ? '' : `: ${note}`),
    necessary.length === 0 ? 'none' : necessary.join('; '),
    runs.toLocaleString('en'),
    Math.round(ms).toLocaleString('en'),
    `[code](#${id}-${number})`,
    variant,
    survived === undefined ? '–' : survivedWords(survived),
    citation,
  ]);
}

function cleanWords(clean: Exclude<Shown['clean'], { none: string }>): string {
  const by = clean.judgedBy === undefined ? '' : `, by ${clean.judgedBy}`;
  const why = clean.why === undefined ? '' : `: ${clean.why}`;
  return `${useWords(clean)}${by}${why}`;
}

function survivedWords({ runs, failed }: Survived): string {
  const count = `${runs.toLocaleString('en')} runs`;
  return failed === undefined ? count : `**${count}**, then ${failed}`;
}

function useWords({ lock, set = {}, workload, ttlMs, waitMs }: Use): string {
  const options = Object.entries(set).map(([name, value]) => `\`--set ${name}=${value}\``);
  const more = [
    ...options,
    ...(workload === undefined ? [] : [`\`--workload ${workload}\``]),
    ...(ttlMs === undefined ? [] : [`\`--ttl ${ttlMs}ms\``]),
    ...(waitMs === undefined ? [] : [`\`--wait ${waitMs}ms\``]),
  ];
  return [`\`${lock}\``, ...more].join(' ');
}

function cells(texts: readonly string[]): string {
  return `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
}

function notShown({ failure, soughtRuns }: Outcome): string[] {
  const { number, id, citation } = failure;
  const reason = 'cannot' in failure ? failure.cannot : '**It was found before, and is not now.**';
  const tried = 'cannot' in failure ? failure.tried : failure;
  const inVain =
    tried === undefined
      ? ''
      : ` Tried: ${useWords(tried)}, ${soughtRuns?.toLocaleString('en')} runs; none shows ` +
        `${named({ property: tried.property, ...(tried.class && { class: tried.class }) })}.`;
  return [`- **${number}** \`${id}\` (${citation}). ${reason}${inVain}`, ''];
}

function code({ failure, found }: Outcome): string[] {
  const { number, id } = failure;
  return [
    `### \`${id}\` (${number})`,
    '',
    found!.counterexample.why,
    '',
    '```text',
    `npx holdfast replay ${found!.counterexample.replay}`,
    '```',
    '',
  ];
}

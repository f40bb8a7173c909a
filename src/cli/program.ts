/**
 * The command line: commands and their options. Each command is a file of its own that is loaded
 * when it is called, so that the others cost nothing.
 */
import { Command, CommanderError } from 'commander';
import { NoVerdict, UsageError } from '../host/engine-api.js';
import { DocumentProblem } from '../timeline/reading/json.js';
import { withRemedy } from './client-libraries.js';
import { refuseSubcommand, setOption } from './command-parts.js';
import type { CliContext, Session } from './context.js';
import { EXIT } from './exit-code.js';
import { type GivenOptions, withGivenOptions } from './given-servers.js';
import { addReal } from './real-program.js';
import type { CampaignOptions } from './request.js';
import { createTerminal } from './terminal.js';
import { ourVersion } from './version.js';

type StatusOptions = GivenOptions & { readonly json?: boolean };
type CheckOptions = CampaignOptions & { readonly all?: boolean; readonly watch?: boolean };

const EXAMPLES = `
Examples:
  holdfast check redlock --faults pause   a built-in lock under one fault class
  holdfast check ./my-lock.ts --watch     your own lock, whenever you save it
  holdfast check --all                    every built-in lock
  holdfast run set-nx --seed 1 --run 12   one run as a timeline
  holdfast explain stale-belief           what a word of a report means
  holdfast view                           the last counterexample in the browser

Exit codes: 0 valid or as claimed, 1 invalid, 2 unknown, 64 wrong usage,
70 a bug of Holdfast, 130 interrupted. See holdfast explain exit-codes.`;

/** Runs a command line, without the program's name, and returns its exit code. */
export async function runCommandLine(argv: readonly string[], context: CliContext) {
  const session: Session = {
    ...context,
    terminal: createTerminal(context.stdout, context.stderr, context.env),
  };
  const json = argv.includes('--json');
  try {
    return await dispatch(argv, session);
  } catch (error) {
    return failed(error, session, json);
  }
}

async function dispatch(argv: readonly string[], session: Session): Promise<number> {
  let code: number = EXIT.valid;
  const program = build(session, (ended) => {
    code = ended;
  });
  if (argv.length === 0) {
    session.terminal.note(program.helpInformation());
    return EXIT.usage;
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.valid;
    throw new UsageError(sentenceOf(error.message));
  }
  return code;
}

/** Commander's message as one sentence. */
function sentenceOf(message: string): string {
  return message
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\((Did you mean .*\?)\)$/, (_all, hint: string) => `; ${hint.toLowerCase()}`)
    .replace(' ;', ';');
}

/** Says what went wrong: usage in one sentence, anything else as the bug of ours that it is. */
function failed(thrown: unknown, { terminal }: Session, json: boolean): number {
  const error = withRemedy(thrown);
  const exitCode = exitOfError(error);
  const message = error instanceof Error ? error.message : String(error);
  const isWanted = json && !terminal.hasPrinted;
  if (isWanted) terminal.line(JSON.stringify({ error: { exitCode, message } }, undefined, 2));
  if (exitCode !== EXIT.internal) {
    terminal.note(`holdfast: ${message}`);
    return exitCode;
  }
  terminal.note(error instanceof Error ? (error.stack ?? message) : message);
  terminal.note(
    'This is a bug in Holdfast, not in your lock. Please report it, with the command line and ' +
      'the text above.',
  );
  return exitCode;
}

function exitOfError(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  const isDoubt = error instanceof NoVerdict || error instanceof DocumentProblem;
  return isDoubt ? EXIT.unknown : EXIT.internal;
}

function build(session: Session, end: (code: number) => void): Command {
  const program = new Command('holdfast')
    .description('Deterministic simulation and correctness testing for distributed locks')
    .version(ourVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void session.stdout.write(text),
      writeErr: () => {},
      getOutHelpWidth: () => session.terminal.columns,
    });
  addCheck(program, session, end);
  addRun(program, session, end);
  addReplay(program, session, end);
  addReal(program, session, end);
  addView(program, session, end);
  addTrace(program, session, end);
  addServers(program, session, end);
  program
    .command('list')
    .description('list the built-in locks, workloads and scenarios')
    .argument('[kind]', 'locks, workloads or scenarios; without one all, as JSON the locks')
    .option('--json', 'one JSON document')
    .action(async (kind: string | undefined, options: { json?: boolean }) => {
      const { list } = await import('./commands/list.js');
      end(await list(session, kind, options));
    });
  program
    .command('new')
    .description('write a lock file to begin with')
    .argument('<file>', 'such as my-lock.ts')
    .option('--json', 'one JSON document')
    .action(async (file: string, options: { json?: boolean }) => {
      const { newLock } = await import('./commands/new.js');
      end(newLock(session, file, options));
    });
  program
    .command('explain')
    .description('say what a property, class, fault class or word means')
    .argument('[word]', 'without one, list them all')
    .option('--json', 'one JSON document')
    .action(async (word: string | undefined, options: { json?: boolean }) => {
      const { explain } = await import('./commands/explain.js');
      end(explain(session, word, options));
    });
  return program;
}

/** What `check` and `run` have in common. */
function campaignCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('[lock]', 'name of a built-in lock, or a file such as ./my-lock.ts')
    .option('--faults <classes>', 'fault classes, separated by commas (default: all)')
    .option('--seed <n>', 'seed of all decisions, 0 to 4294967295 (default: 1)')
    .option('--clients <n>', 'number of clients (default: 2 or 3, drawn for each run)')
    .option('--ttl <duration>', 'time to live of the lock, such as 10s (default: 10s)')
    .option('--wait <duration>', 'how long an acquire may wait (default: twice the TTL)')
    .addOption(setOption('lock or campaign'))
    .option('--workload <name>', 'what clients do with the lock')
    .option('--scenario <name>', 'run a scenario of the list, or in a JSON file')
    .option('--strict', 'ignore what the lock claims')
    .option('--trace <file>', 'write the trace of the run (of check: of the counterexample)')
    .option('--json', 'one JSON document')
    .option('--quiet', 'verdict lines only');
}

function addCheck(program: Command, session: Session, end: (code: number) => void): void {
  campaignCommand(program, 'check', 'look for runs that break a lock')
    .option('--all', 'every built-in lock')
    .option('--runs <n>', 'number of runs (default: 2000)')
    .option('--time <duration>', 'begin no run after this time')
    .option('--per-class', 'one campaign for each fault class alone')
    .option('--bail', 'stop at the first unexpected violation')
    .option('--watch', 'check again whenever the lock file changes')
    .option('--report <file>', 'write the report with its runs as one HTML page')
    .action(async (lock: string | undefined, options: CheckOptions) => {
      const { check, refuseTogether } = await import('./commands/check.js');
      refuseTogether(lock, options);
      if (options.all === true) {
        const { checkAllLocks } = await import('./commands/check-all.js');
        end(await checkAllLocks(session, options));
      } else if (options.watch === true) {
        const { checkAndWatch } = await import('./watch.js');
        end(await checkAndWatch(session, lock, options));
      } else end(await check(session, lock, options));
    });
}

function addRun(program: Command, session: Session, end: (code: number) => void): void {
  campaignCommand(program, 'run', 'show one run of a campaign as a timeline')
    .option('--run <n>', 'index of the run in the campaign of that seed (default: 0)')
    .action(async (lock: string | undefined, options: CampaignOptions) => {
      const { run } = await import('./commands/run.js');
      end(await run(session, lock, options));
    });
}

function addReplay(program: Command, session: Session, end: (code: number) => void): void {
  program
    .command('replay')
    .description('make the run in a replay code once more')
    .argument('<code>', 'hf1_…, or a file that holds one')
    .option('--lock <file>', 'the lock file that the code is about')
    .option('--trace <file>', 'write the trace of the run')
    .option('--json', 'one JSON document')
    .option('--quiet', 'verdict lines only')
    .action(async (code: string, options) => {
      const { replay } = await import('./commands/replay.js');
      end(await replay(session, code, options));
    });
}

function addView(program: Command, session: Session, end: (code: number) => void): void {
  program
    .command('view')
    .description('show a run in the browser')
    .argument(
      '[run]',
      'a trace, what real replay --json wrote, or a replay code (default: the last counterexample)',
    )
    .option('--lock <file>', 'the lock file that the replay code is about')
    .option('--matrix <file>', 'what check --all --per-class --json wrote')
    .option('--compare <file>', 'a trace to lay beside it')
    .option('--port <n>', 'port to serve the page at (default: any that is free)')
    .option('--open', 'open the page in the browser')
    .action(async (run: string | undefined, options) => {
      const { view } = await import('./commands/view.js');
      end(await view(session, run, options));
    });
}

function addTrace(program: Command, session: Session, end: (code: number) => void): void {
  const trace = program
    .command('trace')
    .description('check a trace file, or turn it into another format')
    .usage('<command> [options]')
    .argument('[command]')
    .allowExcessArguments()
    .action((command: string | undefined) => {
      refuseSubcommand('trace', command, trace);
    });
  trace
    .command('validate')
    .description('say whether files are traces, and what is wrong with them')
    .argument('<files...>', 'such as run.json or run.json.gz')
    .option('--json', 'one JSON document')
    .action(async (files: readonly string[], options: { json?: boolean }) => {
      const { validate } = await import('./commands/trace.js');
      end(validate(session, files, options));
    });
  trace
    .command('export')
    .description('write a trace in another format')
    .argument('<file>', 'such as run.json or run.json.gz')
    .requiredOption(
      '--to <format>',
      'chrome (for Perfetto), history (JSON lines, as of Jepsen) or svg',
    )
    .option('--out <file>', 'write it there (default: to the standard output)')
    .action(async (file: string, options: { to: string; out?: string }) => {
      const { exportTrace } = await import('./commands/trace.js');
      end(exportTrace(session, file, options));
    });
}

function addServers(program: Command, session: Session, end: (code: number) => void): void {
  const servers = program
    .command('servers')
    .description('start, show and end real servers on this machine')
    .usage('<command> [options]')
    .argument('[command]')
    .allowExcessArguments()
    .action((command: string | undefined) => {
      refuseSubcommand('servers', command, servers);
    });
  servers
    .command('up')
    .description('start what is not up yet, on free ports of loopback')
    .argument('[services...]', 'redis, postgres, etcd, zookeeper (default: what is installed)')
    .option('--redis-count <n>', 'Redis servers, besides two replicas of the first (default: 5)')
    .action(async (services: readonly string[], options: { redisCount?: string }) => {
      const { up } = await import('./commands/servers.js');
      end(await up(session, services, options));
    });
  withGivenOptions(
    servers.command('status').description('show what is up, or look at servers you have'),
  )
    .option('--json', 'one JSON document')
    .action(async (options: StatusOptions) => {
      const { status } = await import('./commands/servers.js');
      end(await status(session, options));
    });
  servers
    .command('down')
    .description('end what is up, and remove its folders')
    .argument('[services...]', 'redis, postgres, etcd, zookeeper (default: all)')
    .action(async (services: readonly string[]) => {
      const { down } = await import('./commands/servers.js');
      end(await down(session, services));
    });
}

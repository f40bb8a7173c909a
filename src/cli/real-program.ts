/** The commands of `holdfast real` and their options. */
import type { Command } from 'commander';
import { refuseSubcommand, setOption } from './command-parts.js';
import type { Session } from './context.js';
import { type GivenOptions, withGivenOptions } from './given-servers.js';
import type { CampaignOptions } from './request.js';

export function addReal(program: Command, session: Session, end: (code: number) => void): void {
  const real = program
    .command('real')
    .description('run locks, and play counterexamples, on real servers')
    .usage('<command> [options]')
    .argument('[command]')
    .allowExcessArguments()
    .action((command: string | undefined) => {
      refuseSubcommand('real', command, real);
    });
  addRealCheck(real, session, end);
  addSoak(real, session, end);
  addClassics(real, session, end);
  withGivenOptions(
    real
      .command('replay')
      .description('play a counterexample on real servers')
      .argument('<code>', 'a replay code, or a file that holds one')
      .option('--lock <file>', 'the lock file that the replay code is about')
      .option('--property <name>', 'what it is to break (default: the worst that it does)')
      .option('--trace <file>', 'write the trace of the real run')
      .option('--simulated <file>', 'write the trace of the simulated run that was played')
      .option('--json', 'one JSON document'),
  ).action(async (code: string, options) => {
    const { realReplay } = await import('./commands/real-replay.js');
    end(await realReplay(session, code, options));
  });
}

function addRealCheck(real: Command, session: Session, end: (code: number) => void): void {
  withGivenOptions(
    real
      .command('check')
      .description('run a lock on its real server, by several processes, without faults')
      .argument('<lock>', 'name of a built-in lock, or a file such as ./my-lock.ts')
      .option('--runs <n>', 'number of runs (default: 3)')
      .option('--seed <n>', 'seed of all decisions, 0 to 4294967295 (default: 1)')
      .option('--clients <n>', 'number of clients (default: 2 or 3, drawn for each run)')
      .option('--ttl <duration>', 'time to live of the lock (default: 2s)')
      .addOption(setOption('the lock, such as tries=5'))
      .option('--workload <name>', 'what clients do with the lock, or all')
      .option('--trace <file>', 'write the trace of the run that breaks it, or of the last one')
      .option('--json', 'one JSON document'),
  ).action(async (lock: string, options: CampaignOptions & GivenOptions) => {
    const { realCheck } = await import('./commands/real-check.js');
    end(await realCheck(session, lock, options));
  });
}

function addSoak(real: Command, session: Session, end: (code: number) => void): void {
  withGivenOptions(
    real
      .command('soak')
      .description('hammer a lock on its real server with random faults')
      .argument('<lock>', 'name of a built-in lock, or a file such as ./my-lock.ts')
      .option('--time <duration>', 'how long (default: 60s)')
      .option(
        '--faults <classes>',
        'such as pause,server-crash (default: all that can be made there)',
      )
      .option('--seed <n>', 'seed of what is done when, 0 to 4294967295 (default: 1)')
      .option('--clients <n>', 'number of clients (default: 8)')
      .option('--ttl <duration>', 'time to live of the lock (default: 1s)')
      .addOption(setOption('the lock, such as tries=5'))
      .option('--trace <file>', 'write the trace of the round that breaks it, or of the last one')
      .option('--json', 'one JSON document'),
  ).action(async (lock: string, options: CampaignOptions & GivenOptions) => {
    const { realSoak } = await import('./commands/real-soak.js');
    end(await realSoak(session, lock, options));
  });
}

function addClassics(real: Command, session: Session, end: (code: number) => void): void {
  real
    .command('classics')
    .description('confirm the best known failures of locks on real servers')
    .option('--view', 'then serve both runs of each, side by side')
    .option('--open', 'and open the first in the browser')
    .action(async (options) => {
      const { realClassics } = await import('./commands/real-classics.js');
      end(await realClassics(session, options));
    });
}

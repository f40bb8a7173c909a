/**
 * A folder in which the commands of a page run: the built package is installed in it, the examples
 * lie in it, and there is no network.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../architecture/source.js';
import { builtMain } from '../packaging/built.js';

const TSC = path.join(ROOT, 'node_modules/typescript/bin/tsc');
const COMMAND_TIME_MAX_MS = 60_000;

export interface Outcome {
  readonly exitCode: number | null;
  /** Standard and error output, as a terminal shows them. */
  readonly output: string;
}

export class Folder {
  /** First, because it may throw: then there is no folder to be left behind. */
  private readonly main = builtMain();
  readonly path = mkdtempSync(path.join(tmpdir(), 'holdfast-docs-'));

  constructor() {
    const modules = path.join(this.path, 'node_modules');
    mkdirSync(path.join(modules, '.bin'), { recursive: true });
    symlinkSync(ROOT, path.join(modules, 'holdfast'));
    symlinkSync(path.join(ROOT, 'node_modules/@types'), path.join(modules, '@types'));
    symlinkSync(this.main, path.join(modules, '.bin', 'holdfast'));
    cpSync(path.join(ROOT, 'examples'), path.join(this.path, 'examples'), { recursive: true });
    this.write('package.json', '{ "type": "module" }\n');
  }

  write(name: string, text: string): void {
    const file = path.join(this.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Runs a command of a page. */
  run(command: string): Outcome {
    const { CI: _ci, FORCE_COLOR: _colour, ...env } = process.env;
    const { status, stdout, error } = spawnSync('bash', ['-c', `exec 2>&1\n${command}`], {
      cwd: this.path,
      encoding: 'utf8',
      env: {
        ...env,
        XDG_CACHE_HOME: path.join(this.path, '.cache'),
        npm_config_offline: 'true',
        npm_config_loglevel: 'error',
      },
      timeout: COMMAND_TIME_MAX_MS,
    });
    if (error !== undefined) throw error;
    return { exitCode: status, output: stdout };
  }

  /** Type-checks files of the folder as strictly as this project is. */
  typeCheck(files: readonly string[]): Outcome {
    const config = {
      extends: path.join(ROOT, 'tsconfig.json'),
      compilerOptions: { noEmit: true, noUnusedLocals: false, noUnusedParameters: false },
      include: [],
      exclude: [],
      files,
    };
    this.write('tsconfig.json', JSON.stringify(config));
    return this.run(`node ${TSC} -p tsconfig.json`);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

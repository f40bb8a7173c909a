/** Reads a scenario by its name among ours, or from a JSON file. */
import { readFileSync } from 'node:fs';
import { UsageError } from '../host/engine-api.js';
import { scenarioNamed, scenarioNames } from '../pitfalls/index.js';
import type { Scenario } from '../scenario.js';
import { parseScenario, ScenarioProblem } from '../schema/scenario.js';
import { hint } from './arguments.js';

/**
 * The scenario of a name of ours, or in a file.
 *
 * @throws {UsageError} naming the file, the path in it, what is there and what was expected.
 */
export function readScenario(nameOrFile: string): Scenario {
  const named = scenarioNamed(nameOrFile);
  if (named !== undefined) return named;
  if (/[./\\]/.test(nameOrFile)) return parsed(nameOrFile);
  throw new UsageError(
    `there is no scenario ${nameOrFile}; ${hint(nameOrFile, scenarioNames())} ` +
      "(a file's name has a dot or a slash in it)",
  );
}

function parsed(file: string): Scenario {
  try {
    return parseScenario(file, readText(file));
  } catch (error) {
    if (error instanceof ScenarioProblem) throw new UsageError(error.message);
    throw error;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new UsageError(`--scenario: ${file} cannot be read (${code})`);
  }
}

/**
 * A vitest runner that runs each test against one mutant after another in the same process: against
 * those that the test meets and that no test before it has killed. Property tests come last, since
 * they take longest.
 */
import { setMaxListeners } from 'node:events';
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { type RunnerTask, type RunnerTestCase, type RunnerTestFile, TestRunner } from 'vitest';
import { MutationSwitch } from './switch.js';

/** What a worker is told by its environment variables; results go to a file. */
export interface Assignment {
  readonly MUTANTS: string;
  readonly WORKER: string;
  readonly WORKERS: string;
  readonly RESULTS: string;
}

/** Mutants that no test killed, and those of them that no test even met. */
export interface WorkerResults {
  readonly survived: readonly number[];
  readonly unmet: readonly number[];
}

// Each time a test's function is called, vitest listens to its signal once more.
setMaxListeners(0);

declare global {
  var $mutation: MutationSwitch;
}
globalThis.$mutation = new MutationSwitch();

const { MUTANTS, WORKER, WORKERS, RESULTS } = process.env as unknown as Assignment;

export default class MutationRunner extends TestRunner {
  private readonly alive = new Set<number>();
  private readonly unmet = new Set<number>();

  onCollected(files: RunnerTestFile[]): void {
    fc.configureGlobal({ endOnFailure: true });
    for (const file of files) propertiesLast(file.tasks);
    for (let id = Number(WORKER); id < Number(MUTANTS); id += Number(WORKERS)) {
      this.alive.add(id);
      this.unmet.add(id);
    }
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    const run = TestRunner.getTestFn(test) as () => unknown;
    const { hits, loops } = await globalThis.$mutation.observe(run);
    for (const id of hits) {
      this.unmet.delete(id);
      if (!this.alive.has(id)) continue;
      if (await globalThis.$mutation.kills(id, run, loops)) this.alive.delete(id);
    }
  }

  override onAfterRunFiles(): void {
    super.onAfterRunFiles();
    const results: WorkerResults = { survived: [...this.alive], unmet: [...this.unmet] };
    writeFileSync(RESULTS, JSON.stringify(results));
  }
}

/** Within a `describe` the order stays: a test may look at what the property before it has seen. */
function propertiesLast(tasks: RunnerTask[]): void {
  tasks.sort((a, b) => Number(holdsProperty(a)) - Number(holdsProperty(b)));
}

/** fast-check puts the seed of a property into the name of its test. */
function holdsProperty(task: RunnerTask): boolean {
  return task.type === 'suite' ? task.tasks.some(holdsProperty) : / seed=/.test(task.name);
}

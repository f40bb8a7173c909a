/** `holdfast list`: the built-in locks, workloads and scenarios. */
import type { LockEntry, ScenarioEntry, WorkloadEntry } from '../../host/listing.js';
import { type Session, withEngine } from '../context.js';
import { EXIT } from '../exit-code.js';
import { type Paint, painter } from '../terminal.js';
import { indented, padEnd, widthOf } from '../text.js';

export async function list(session: Session, options: { readonly json?: boolean }) {
  const listing = await withEngine(session, (engine) => engine.list());
  const { terminal } = session;
  if (options.json === true) {
    terminal.line(JSON.stringify(listing, undefined, 2));
    return EXIT.valid;
  }
  const { locks, workloads, scenarios } = listing;
  const { columns } = terminal;
  const paint = painter(terminal);
  const lines = [
    paint('bold', 'Locks'),
    ...rows(locks, describeLock, columns, paint),
    '',
    paint('bold', 'Workloads'),
    ...rows(workloads, describeWorkload, columns, paint),
    '',
    paint('bold', 'Scenarios'),
    ...rows(scenarios, describeScenario, columns, paint),
    '',
    'holdfast check <lock> checks one lock, holdfast check --all all of them.',
    ...indented(
      '--workload <name> says what clients do with it; careless-<name> is the same by clients ' +
        'that never ask whether they still hold the lock, and careless alone critical-section.',
      columns,
      '',
      '',
    ),
    'holdfast run --scenario <name> runs one, <name>-mended the same with what helps.',
  ];
  for (const line of lines) terminal.line(line);
  return EXIT.valid;
}

function rows<E extends { readonly name: string; readonly flawed?: boolean }>(
  entries: readonly E[],
  describe: (entry: E) => string,
  columns: number,
  paint: Paint,
): string[] {
  const width = Math.max(...entries.map(({ name }) => widthOf(name)));
  return entries.flatMap((entry) => {
    const { name, flawed = false } = entry;
    const head = `  ${padEnd(name, width)}  `;
    const [first, ...rest] = indented(describe(entry), columns, head, ' '.repeat(width + 4));
    return [first!.replace(name, paint(flawed ? 'yellow' : 'bold', name)), ...rest];
  });
}

function describeLock({ summary, services, flaw }: LockEntry): string {
  const needs = Object.entries(services).map(
    ([service, n]) => `${typeof n === 'number' ? n : 'several'} × ${service}`,
  );
  const text = `${summary} (${needs.join(', ')})`;
  if (flaw === undefined) return text;
  const found = flaw.class === undefined ? '' : ` (${flaw.class})`;
  return `Flawed, breaks ${flaw.property}${found}: ${text}`;
}

function describeWorkload({ summary, needs }: WorkloadEntry): string {
  return needs === undefined ? summary : `${summary} (of locks that renew)`;
}

function describeScenario({ warns, helps }: ScenarioEntry): string {
  return `${warns} What helps: ${helps.charAt(0).toLowerCase()}${helps.slice(1)}`;
}

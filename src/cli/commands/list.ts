/** `holdfast list`: the built-in locks, workloads and scenarios. */
import { UsageError } from '../../host/engine-api.js';
import type { Listing, LockEntry, ScenarioEntry, WorkloadEntry } from '../../host/listing.js';
import { plural } from '../../story/words.js';
import { type Session, withEngine } from '../context.js';
import { EXIT } from '../exit-code.js';
import { type Paint, painter } from '../terminal.js';
import { indented, padEnd, widthOf } from '../text.js';

const KINDS = ['locks', 'workloads', 'scenarios'] as const;
type Kind = (typeof KINDS)[number];

/** Lists one kind; without it all of them, and as JSON the locks. */
export async function list(
  session: Session,
  kind: string | undefined,
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  const wanted = KINDS.find((name) => name === kind);
  if (kind !== undefined && wanted === undefined) {
    throw new UsageError(`there is no list of ${kind}; there are ${KINDS.join(', ')}`);
  }
  const listing = await withEngine(session, (engine) => engine.list());
  const { terminal } = session;
  if (json) {
    terminal.line(JSON.stringify(listing[wanted ?? 'locks'], undefined, 2));
    return EXIT.valid;
  }
  const { columns } = terminal;
  const paint = painter(terminal);
  const kinds = wanted === undefined ? KINDS : [wanted];
  for (const [at, one] of kinds.entries()) {
    if (at > 0) terminal.line('');
    for (const line of section(listing, one, columns, paint)) terminal.line(line);
  }
  return EXIT.valid;
}

/** One kind under its heading, and how it is used. */
function section(listing: Listing, kind: Kind, columns: number, paint: Paint): string[] {
  const { locks, workloads, scenarios } = listing;
  switch (kind) {
    case 'locks':
      return [
        paint('bold', 'Locks'),
        ...rows(locks, describeLock, columns, paint),
        '',
        'holdfast check <lock> checks one lock, holdfast check --all all of them.',
      ];
    case 'workloads':
      return [
        paint('bold', 'Workloads'),
        ...rows(workloads, describeWorkload, columns, paint),
        '',
        ...indented(
          '--workload <name> says what clients do with a lock; careless-<name> is the same by ' +
            'clients that never ask whether they still hold it, careless alone critical-section.',
          columns,
          '',
          '',
        ),
      ];
    case 'scenarios':
      return [
        paint('bold', 'Scenarios'),
        ...rows(scenarios, describeScenario, columns, paint),
        '',
        'holdfast run --scenario <name> runs one, <name>-mended the same with what helps.',
      ];
  }
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

function describeLock({ summary, services, replicas, flaw }: LockEntry): string {
  const copies = typeof replicas === 'number' ? ` with ${plural(replicas, 'replica')}` : '';
  const needs = Object.entries(services).map(
    ([service, n]) =>
      `${typeof n === 'number' ? n : 'several'} × ${service}${service === 'redis' ? copies : ''}`,
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

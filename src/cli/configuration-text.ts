/** The resolved configuration in a few lines: nothing about a campaign is implicit. */
import { FAULT_CLASSES } from '../fault.js';
import type { ConfigurationReport } from '../report.js';
import { describeServers, mayForget } from '../service.js';
import { count, plural, span } from '../story/words.js';
import { RUNS_MAX } from './arguments.js';
import type { Paint } from './terminal.js';
import { flow } from './text.js';

/** Everything that was decided before the first run, in the order of what people ask first. */
export function configurationLines(
  configuration: ConfigurationReport,
  columns: number,
  paint: Paint,
): string[] {
  const { algorithm } = configuration;
  const [first, ...rest] = flow(itemsOf(configuration), ' · ', columns, '  ', '');
  return [
    first!.replace(algorithm, paint('bold', algorithm)),
    ...rest.map((line) => paint('dim', line)),
  ];
}

function itemsOf(configuration: ConfigurationReport): string[] {
  const { algorithm, servers, replicas, persistence, ttlMs, waitMs, options } = configuration;
  const { workload, clients, operationsEach, seed, runs, strict, progressBoundMs, transpiler } =
    configuration;
  return [
    algorithm,
    describeServers(servers, replicas),
    `ttl ${span(ttlMs * 1000)}`,
    ...terms(configuration),
    `wait ${span(waitMs * 1000)}`,
    ...Object.entries(options).map(([name, value]) => `${name} ${String(value)}`),
    `seed ${seed}`,
    ...(runs === RUNS_MAX ? [] : [plural(runs, 'run')]),
    ...(strict ? ['strict: claims are ignored'] : []),
    `${clients} ${clients === '1' ? 'client' : 'clients'} × ${plural(operationsEach, 'operation')}`,
    workload,
    sections(configuration),
    `faults: ${faults(configuration.faultClasses)}`,
    ...(mayForget(servers) ? [`persistence ${persistence}`] : []),
    `bound of progress ${span(progressBoundMs * 1000)}`,
    ...(transpiler === undefined ? [] : [`loaded with ${transpiler}`]),
  ];
}

/** A term that its servers do not grant as it is. */
function terms({ granted }: ConfigurationReport): string[] {
  if (granted === undefined) return [];
  const { askedMs, grantedMs, by } = granted;
  const way = grantedMs > askedMs ? 'raised' : 'lowered';
  const asked = span(askedMs * 1_000);
  return [`a term of ${asked} is ${way} to ${span(grantedMs * 1_000)} by ${by}`];
}

/** A section that may outlast its TTL is worth a word (docs/semantics.md, R15). */
function sections({ sectionMsMax, ttlMs }: ConfigurationReport): string {
  const longest = `sections up to ${span(sectionMsMax * 1000)}`;
  return sectionMsMax > ttlMs ? `${longest}, longer than the TTL` : longest;
}

function faults(classes: readonly string[]): string {
  if (classes.length === 0) return 'none';
  return classes.length === FAULT_CLASSES.length
    ? `all ${count(classes.length)} classes`
    : classes.join(', ');
}

/**
 * Checks what a user's lock file exports. The file may be plain JavaScript or wrongly typed, so
 * nothing about its shape is taken for granted; whoever got something wrong reads one sentence that
 * names the file, the field, the value and what was expected.
 */
import { FAULT_CLASSES } from '../fault.js';
import { nearest } from '../nearest.js';
import { PERSISTENCE, REPLICAS_MAX } from '../scenario.js';
import { SERVICES } from '../service.js';
import { PROPERTIES, VIOLATION_CLASSES } from '../verdict.js';
import { problemOfDeclarations, shown } from './declarations.js';
import type { Claims, Flaw, LockAlgorithm } from './lock.js';
import type { OptionSpec, OptionSpecs } from './option-spec.js';
import { acceptedRange } from './option-words.js';
import { acceptedValue } from './options.js';

/** A lock file that does not export a lock. */
export class LockFileError extends Error {
  override readonly name = 'LockFileError';
}

type Fields = Readonly<Record<string, unknown>>;

/** Words with dashes; a number may have a point, as that of a version has. */
const LOCK_NAME = /^[a-z][a-z0-9-]*(\.[0-9][a-z0-9-]*)*$/;
const WORST = ['inherent', 'stale', 'until-ttl', 'breaks'];
const FIELDS = [
  'name',
  'summary',
  'source',
  'services',
  'replicas',
  'options',
  'schema',
  'claims',
  'declares',
  'flaw',
  'fixedBy',
  'create',
];

/**
 * The lock in a file's default export, with defaults for what it leaves out: no options, no claims,
 * one Redis server, the file as its source.
 *
 * @param file name of the file, as the user wrote it.
 * @param which of its exports that is.
 * @throws {LockFileError} with one sentence.
 */
export function validateAlgorithm(
  value: unknown,
  file: string,
  which = 'its default export',
): LockAlgorithm {
  return new LockFile(file).algorithm(value, which);
}

class LockFile {
  constructor(private readonly file: string) {}

  algorithm(value: unknown, which: string): LockAlgorithm {
    const lock = this.fields(value, which, 'what defineLock returns');
    this.knownNames(Object.keys(lock), FIELDS, 'field');
    const name = this.name(lock['name']);
    const options = this.options(lock['options'] ?? {});
    const services = this.services(lock['services'] ?? { redis: 1 }, options);
    const { create, declares, fixedBy, replicas, schema } = lock;
    if (typeof create !== 'function') {
      this.reject('create', create, 'a function of the environment and the options');
    }
    if (declares !== undefined && typeof declares !== 'function') {
      const problem = problemOfDeclarations(declares);
      if (problem !== undefined) throw new LockFileError(`${this.file}: ${problem}`);
    }
    return {
      name,
      summary: this.text(lock['summary'] ?? `The lock in ${this.file}.`, 'summary'),
      source: this.text(lock['source'] ?? this.file, 'source'),
      services,
      ...(replicas !== undefined && { replicas: this.replicas(replicas, services, options) }),
      options,
      ...(schema !== undefined && { schema: this.text(schema, 'schema') }),
      claims: this.claims(lock['claims'] ?? {}),
      ...(declares !== undefined && {
        declares: declares as NonNullable<LockAlgorithm['declares']>,
      }),
      ...(lock['flaw'] !== undefined && { flaw: this.flaw(lock['flaw']) }),
      ...(fixedBy !== undefined && { fixedBy: this.text(fixedBy, 'fixedBy') }),
      // Called as a method of the file's own object, which it may use.
      create: (environment, values) =>
        (lock as unknown as LockAlgorithm).create(environment, values),
    };
  }

  private name(value: unknown): string {
    if (typeof value === 'string' && LOCK_NAME.test(value)) return value;
    this.reject('name', value, 'lower-case words with dashes, such as my-lock');
  }

  private services(value: unknown, options: OptionSpecs): LockAlgorithm['services'] {
    const services = this.fields(value, 'services', '{ redis: number of servers }');
    this.knownNames(Object.keys(services), SERVICES, 'service');
    if (Object.keys(services).length === 0) {
      this.reject('services', services, `the number of servers of one of ${SERVICES.join(', ')}`);
    }
    for (const [service, count] of Object.entries(services)) {
      const isNumber = Number.isInteger(count) && Number(count) >= 1 && Number(count) <= 9;
      if (isNumber || (typeof count === 'string' && options[count]?.kind === 'number')) continue;
      const accepted = 'a whole number from 1 to 9, or the name of an option';
      this.reject(`services.${service}`, count, accepted);
    }
    return services as LockAlgorithm['services'];
  }

  /** Of each Redis server. An option may take no other number than the server can have. */
  private replicas(
    value: unknown,
    { redis }: LockAlgorithm['services'],
    options: OptionSpecs,
  ): NonNullable<LockAlgorithm['replicas']> {
    if (redis === undefined) this.reject('replicas', value, 'none without services.redis');
    if (typeof value === 'number' && isReplicaCount(value)) return value;
    const spec = typeof value === 'string' ? options[value] : undefined;
    if (typeof value === 'string' && spec?.kind === 'number' && spec.integer) {
      if (isReplicaCount(spec.min) && isReplicaCount(spec.max)) return value;
    }
    const whole = `a whole number from 1 to ${REPLICAS_MAX}`;
    this.reject('replicas', value, `${whole}, or the name of an option that takes one`);
  }

  private options(value: unknown): OptionSpecs {
    const options = this.fields(value, 'options', 'an object of option specifications');
    for (const [name, spec] of Object.entries(options)) this.option(`options.${name}`, spec);
    return options as OptionSpecs;
  }

  private option(field: string, value: unknown): void {
    const spec = this.fields(value, field, 'an option specification');
    const { kind, min, max, values } = spec;
    if (kind === 'number') {
      if (typeof min !== 'number') this.reject(`${field}.min`, min, 'a number');
      if (typeof max !== 'number') this.reject(`${field}.max`, max, 'a number');
    } else if (kind === 'choice') {
      if (!Array.isArray(values) || !values.every((choice) => typeof choice === 'string')) {
        this.reject(`${field}.values`, values, 'a list of words');
      }
    } else if (kind !== 'boolean') {
      this.reject(`${field}.kind`, kind, 'number, boolean or choice');
    }
    const sound = spec as unknown as OptionSpec;
    if (acceptedValue(sound, sound.default) !== sound.default) {
      this.reject(`${field}.default`, sound.default, acceptedRange(sound));
    }
    this.text(spec['doc'], `${field}.doc`);
  }

  private claims(value: unknown): Claims {
    const claims = this.fields(value, 'claims', 'an object of claims by property');
    this.knownNames(Object.keys(claims), PROPERTIES, 'property in claims');
    for (const [property, byFault] of Object.entries(claims)) {
      const field = `claims.${property}`;
      const table = this.fields(byFault, field, 'an object of claims by fault class');
      this.knownNames(Object.keys(table), [...FAULT_CLASSES, 'default'], `fault class in ${field}`);
      for (const [fault, claim] of Object.entries(table)) this.claim(`${field}.${fault}`, claim);
    }
    return claims as Claims;
  }

  private claim(field: string, value: unknown): void {
    if (value === 'holds') return;
    const claim = this.fields(value, field, "'holds', or { worst, reason, source }");
    const { worst, withinRuns, persistence } = claim;
    if (!WORST.includes(worst as string)) this.reject(`${field}.worst`, worst, WORST.join(', '));
    this.text(claim['reason'], `${field}.reason`);
    this.text(claim['source'], `${field}.source`);
    if (withinRuns !== undefined && !isCount(withinRuns)) {
      this.reject(`${field}.withinRuns`, withinRuns, 'a whole number from 1');
    }
    if (persistence !== undefined && !(PERSISTENCE as readonly unknown[]).includes(persistence)) {
      this.reject(`${field}.persistence`, persistence, PERSISTENCE.join(', '));
    }
  }

  private flaw(value: unknown): Flaw {
    const flaw = this.fields(value, 'flaw', '{ property, faults, runs }');
    if (!(PROPERTIES as readonly unknown[]).includes(flaw['property'])) {
      this.reject('flaw.property', flaw['property'], PROPERTIES.join(', '));
    }
    const violation = flaw['class'];
    if (violation !== undefined && !(VIOLATION_CLASSES as readonly unknown[]).includes(violation)) {
      this.reject('flaw.class', violation, VIOLATION_CLASSES.join(', '));
    }
    const { faults, runs } = flaw;
    if (!Array.isArray(faults)) this.reject('flaw.faults', faults, 'a list of fault classes');
    this.knownNames(faults.map(String), FAULT_CLASSES, 'fault class in flaw.faults');
    if (!isCount(runs)) this.reject('flaw.runs', runs, 'a whole number from 1');
    if (flaw['workload'] !== undefined) this.text(flaw['workload'], 'flaw.workload');
    return flaw as unknown as Flaw;
  }

  private text(value: unknown, field: string): string {
    if (typeof value === 'string' && value.trim() !== '') return value;
    this.reject(field, value, 'a sentence');
  }

  private fields(value: unknown, field: string, expected: string): Fields {
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Fields;
    this.reject(field, value, expected);
  }

  private knownNames(names: readonly string[], known: readonly string[], what: string): void {
    for (const name of names) {
      if (known.includes(name)) continue;
      const near = nearest(name, known);
      const hint = near.length > 0 ? `did you mean ${near[0]}?` : `known are ${known.join(', ')}`;
      throw new LockFileError(`${this.file}: there is no ${what} called ${name}; ${hint}`);
    }
  }

  private reject(field: string, value: unknown, expected: string): never {
    throw new LockFileError(`${this.file}: ${field} is ${shown(value)}; expected ${expected}`);
  }
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}

function isReplicaCount(value: number): boolean {
  return isCount(value) && value <= REPLICAS_MAX;
}

/** The JSON Schema of trace files, compiled, and its fields as rows of a table for people. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type Schema as AnySchema, type ValidateFunction } from 'ajv/dist/2020.js';
import { ROOT } from '../architecture/source.js';

/** As much of a schema as ours uses. */
export interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly examples?: readonly string[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const FILE = path.join(ROOT, 'schemas/trace.schema.json');
export const schema = JSON.parse(readFileSync(FILE, 'utf8')) as Schema;
export const records = schema.$defs!['records']!.$defs!;

export function compiled(part: Schema): ValidateFunction {
  return new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(
    part as AnySchema,
  );
}

/** The schema that lets nothing through but what it describes. */
export function strict<T>(part: T): T {
  if (Array.isArray(part)) return part.map(strict) as T;
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).map(([key, value]) => [
    key,
    key === 'then' || key === 'if' ? value : strict(value as unknown),
  ]);
  const closed = 'properties' in part && 'type' in part && { additionalProperties: false };
  return { ...Object.fromEntries(entries), ...closed } as T;
}

/** The payload of a type of record, by itself. */
export function recordSchema(type: string): Schema {
  const { $defs } = schema;
  return { ...strict(records[type]!), $defs: { ...strict($defs!) } };
}

/** Every field of the file, and of every type of record, as a row of Markdown. */
export function fieldRows(): string[] {
  const ofRecords = Object.entries(records).flatMap(([type, record]) => rowsOf(type, record, true));
  return [...insideRows('', schema), ...ofRecords];
}

function rowsOf(place: string, field: Schema, required: boolean): string[] {
  const [, meaning, unit] = /^(.*?)(?: Unit: ([^.]*)\.)?$/s.exec(field.description ?? '')!;
  const type = `${typeOf(field)}${required ? '' : ', optional'}`;
  const said = field.$ref?.includes('/records/')
    ? `As \`${field.$ref.split('/').at(-1)}\`.`
    : meaning;
  const known = field.examples === undefined ? '' : ` Known: ${field.examples.join(', ')}.`;
  const isOpen = known !== '' && !said!.includes(`\`${field.examples![0]}\``);
  const row = `| \`${place}\` | ${type} | ${unit ?? '–'} | ${said}${isOpen ? known : ''} |`;
  return [row, ...insideRows(place, field), ...insideRows(`${place}[]`, field.items ?? {})];
}

function insideRows(place: string, { properties = {}, required = [] }: Schema): string[] {
  return Object.entries(properties).flatMap(([name, field]) =>
    rowsOf(place === '' ? name : `${place}.${name}`, field, required.includes(name)),
  );
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  integer: 'whole number',
  null: '`null`',
};

function typeOf(field: Schema): string {
  const { $ref, type, items, prefixItems, anyOf } = field;
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``;
  if (field.enum !== undefined) return field.enum.map((value) => `\`"${value}"\``).join(' or ');
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or ');
  if ($ref !== undefined) return $ref.includes('/records/') ? 'object' : 'whole number';
  if (prefixItems !== undefined) return `list of ${prefixItems.length}`;
  if (type === 'array') return `list of ${many(typeOf(items!))}`;
  const types = typeof type === 'string' ? [type] : (type ?? []);
  return types.map((name) => NAMES[name] ?? name).join(' or ');
}

function many(type: string): string {
  return type.startsWith('list of') ? type.replace('list', 'lists') : `${type}s`;
}

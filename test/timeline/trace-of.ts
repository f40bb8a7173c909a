/** What a trace file must be, for whatever test comes to have one in its hands. */
import { expect } from 'vitest';
import type { TraceFile } from '../../src/timeline/format.js';
import { readTrace } from '../../src/timeline/read.js';
import { compiled, recordSchema, records, schema, strict } from './schema.js';

const isPlain = compiled(strict(schema));
const isRecord = new Map(
  Object.keys(records).map((type) => [type, compiled(recordSchema(type))] as const),
);

/** It satisfies the schema and holds nothing that is not described, and our own reader takes it. */
export function expectTrace(value: unknown): TraceFile {
  const text = JSON.stringify(value);
  const file = readTrace(text, 'run.json');
  isPlain(file);
  expect(isPlain.errors).toBeNull();
  const { dict, ev, payload } = file;
  for (const [row, type] of ev.type.entries()) {
    const check = isRecord.get(dict[type]!);
    const rest = payload[ev.payload[row]!];
    check?.(rest);
    expect(check?.errors, `${dict[type]} ${JSON.stringify(rest)}`).toBeNull();
  }
  return file;
}

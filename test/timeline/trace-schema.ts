/** The form of a trace file, for readers that want to be sure of what they read. */
import * as v from 'valibot';
import { SPAN_KINDS } from '../../src/timeline/spans.js';

const row = v.pipe(v.number(), v.integer(), v.minValue(0));
const maybe = v.pipe(v.number(), v.integer(), v.minValue(-1));
const us = row;
const column = v.array(row);
const maybeColumn = v.array(maybe);

export const traceSchema = v.strictObject({
  format: v.literal('holdfast-trace'),
  v: v.literal(1),
  meta: v.strictObject({
    title: v.string(),
    source: v.literal('simulated'),
    engine: v.string(),
    algorithm: v.string(),
    scenario: v.looseObject({ algorithm: v.string() }),
    digest: v.string(),
    replay: v.optional(v.string()),
    healedAtUs: us,
    endUs: us,
    limit: v.optional(v.string()),
    truth: v.literal('exact'),
  }),
  hosts: v.array(
    v.strictObject({
      id: v.string(),
      kind: v.picklist(['client', 'server', 'resource', 'probe']),
    }),
  ),
  locks: v.array(v.strictObject({ key: v.string(), ttlMs: v.number(), quorum: row })),
  dict: v.array(v.string()),
  payload: v.array(v.looseObject({})),
  ev: v.strictObject({
    dt: column,
    host: maybeColumn,
    type: column,
    payload: column,
    cause: column,
    place: maybeColumn,
  }),
  msg: v.strictObject({
    from: column,
    to: column,
    dt: column,
    due: column,
    took: maybeColumn,
    fate: v.array(v.pipe(row, v.maxValue(3))),
    text: column,
    place: maybeColumn,
  }),
  clocks: v.array(
    v.strictObject({
      host: row,
      clock: v.picklist(['wall', 'mono']),
      pieces: v.array(v.strictTuple([us, v.number(), v.number()])),
    }),
  ),
  spans: v.array(
    v.strictObject({
      kind: v.picklist(SPAN_KINDS),
      host: column,
      fromUs: column,
      untilUs: column,
      grant: maybeColumn,
      by: column,
    }),
  ),
  faults: v.array(
    v.strictObject({
      id: v.string(),
      class: v.string(),
      hosts: v.array(maybe),
      fromUs: us,
      untilUs: us,
      touched: v.boolean(),
    }),
  ),
  violations: v.array(
    v.strictObject({
      property: v.string(),
      class: v.optional(v.string()),
      cause: v.optional(v.string()),
      why: v.string(),
      offender: v.optional(v.string()),
      victim: v.optional(v.string()),
      witness: column,
    }),
  ),
});

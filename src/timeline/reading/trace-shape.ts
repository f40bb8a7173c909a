/** The shape of a trace file: which fields there are, and of what type (docs/trace-format.md). */
import {
  fields,
  flag,
  from0,
  listOf,
  nullOr,
  object,
  oneOf,
  recordOf,
  text,
  tuple,
  whole,
} from './shape.js';

const row = whole(0);
const orNone = whole(-1);
const us = row;
const rows = listOf(row);
const rowsOrNone = listOf(orNone);

/** What stands in it for whatever fault class: the one that stands there has its type. */
const fault = fields({
  id: text,
  class: text,
  at: object,
  'host?': text,
  'client?': text,
  'server?': text,
  'direction?': text,
  'mode?': text,
  'error?': text,
  'durationUs?': us,
  'byUs?': whole(),
  'ppm?': whole(),
  'restartAfterUs?': nullOr(us),
  'replica?': row,
});

const scenario = fields({
  algorithm: text,
  options: object,
  workload: text,
  key: text,
  ttlMs: from0,
  waitMs: from0,
  longestSectionUs: us,
  servers: listOf(fields({ id: text, persistence: text, replicaLagUs: rows })),
  clients: listOf(
    fields({
      id: text,
      operations: listOf(
        fields({ id: text, gapUs: us, sectionUs: us, renew: flag, mode: text, nested: flag }),
      ),
    }),
  ),
  faults: listOf(fault),
});

/** All but `format` and `v`, which are looked at before. */
export const traceShape = fields({
  meta: fields({
    title: text,
    source: oneOf('simulated', 'real'),
    engine: text,
    algorithm: text,
    scenario,
    digest: text,
    'replay?': text,
    healedAtUs: us,
    endUs: us,
    'limit?': text,
    truth: oneOf('exact', 'bounded'),
    'environment?': recordOf(text),
  }),
  hosts: listOf(fields({ id: text, kind: oneOf('client', 'server', 'resource', 'probe') })),
  locks: listOf(fields({ key: text, ttlMs: from0, quorum: row })),
  dict: listOf(text),
  payload: listOf(object),
  ev: fields({
    dt: listOf(whole()),
    host: rowsOrNone,
    type: rows,
    payload: rows,
    cause: rows,
    place: rowsOrNone,
    'before?': rows,
    'after?': rows,
  }),
  msg: fields({
    from: rows,
    to: rows,
    dt: listOf(whole()),
    due: rows,
    took: rowsOrNone,
    fate: rows,
    text: rows,
    place: rowsOrNone,
  }),
  clocks: listOf(
    fields({
      host: row,
      clock: oneOf('wall', 'mono'),
      pieces: listOf(tuple(us, whole(), whole())),
    }),
  ),
  spans: listOf(
    fields({
      kind: text,
      host: rows,
      fromUs: rows,
      untilUs: rows,
      grant: rowsOrNone,
      by: rows,
      'fromBeforeUs?': rows,
      'fromAfterUs?': rows,
      'untilBeforeUs?': rows,
      'untilAfterUs?': rows,
    }),
  ),
  faults: listOf(
    fields({
      id: text,
      class: text,
      hosts: rowsOrNone,
      fromUs: us,
      untilUs: us,
      touched: flag,
    }),
  ),
  violations: listOf(
    fields({
      property: text,
      'class?': text,
      'cause?': text,
      why: text,
      'offender?': text,
      'victim?': text,
      witness: rows,
    }),
  ),
});

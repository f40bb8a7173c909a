/**
 * A trace whose times are known within bounds, as those of a run on real servers are: what happened
 * at a server, not before its request was passed on, and not after its answer had come
 * (docs/semantics.md, R0). What clients and the resource did, they said themselves, on one clock.
 */
import type { TraceFile } from './format.js';

/** By how much earlier or later something may have happened, in microseconds. */
export type Slack = readonly [beforeUs: number, afterUs: number];

const EXACT: Slack = [0, 0];

/** The same trace as one of a real run. `slackAt` knows of the instants at which servers acted. */
export function boundedFile(
  file: TraceFile,
  slackAt: (atUs: number) => Slack | undefined,
  environment: Readonly<Record<string, string>>,
): TraceFile {
  const isOther = (host: number) => file.hosts[host]?.kind !== 'server';
  let atUs = 0;
  const rows = file.ev.dt.map((dt, row): Slack => {
    atUs += dt;
    return (isOther(file.ev.host[row]!) ? undefined : slackAt(atUs)) ?? EXACT;
  });
  return {
    ...file,
    meta: { ...file.meta, source: 'real', truth: 'bounded', environment },
    ev: {
      ...file.ev,
      before: rows.map(([before]) => before),
      after: rows.map(([, after]) => after),
    },
    spans: file.spans.map((span) => withSlack(span, slackAt)),
  };
}

type Columns = TraceFile['spans'][number];

function withSlack(span: Columns, slackAt: (atUs: number) => Slack | undefined): Columns {
  const isServers = span.kind === 'lease' || span.kind === 'held';
  const from = span.fromUs.map((atUs) => (isServers ? slackAt(atUs) : undefined) ?? EXACT);
  // A lease that nobody ended ran out: of when one knows as much as of its beginning.
  const until = span.untilUs.map((atUs, index) =>
    isServers ? (slackAt(atUs) ?? from[index]!) : EXACT,
  );
  return {
    ...span,
    fromBeforeUs: from.map(([before]) => before),
    fromAfterUs: from.map(([, after]) => after),
    untilBeforeUs: until.map(([before]) => before),
    untilAfterUs: until.map(([, after]) => after),
  };
}

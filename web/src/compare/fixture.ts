/**
 * What a run on real servers will look like beside a simulated one. Until there are such runs this
 * stands in for one, made from the other side and marked as what it is: its times have bounds, its
 * badge and its title say that it is no real run.
 */
import type { TraceFile } from '../../../src/timeline/format.js';

/** How exactly a client's clock would say when something happened there. */
const CLIENT_US = 200;

/** By how much earlier or later something may have happened. */
type Slack = readonly [beforeUs: number, afterUs: number];

export function fixtureOf(file: TraceFile): TraceFile {
  const { replay: _replay, ...meta } = file.meta;
  const slackAt = serverSlack(file);
  const isClient = (host: number) => file.hosts[host]?.kind === 'client';
  let atUs = 0;
  const rows = file.ev.dt.map((dt, row): Slack => {
    atUs += dt;
    return (isClient(file.ev.host[row]!) ? undefined : slackAt(atUs)) ?? [CLIENT_US, CLIENT_US];
  });
  return {
    ...file,
    meta: {
      ...meta,
      title: `fixture, no real run: ${meta.title}`,
      source: 'real',
      truth: 'bounded',
      environment: { fixture: 'made from a simulated run' },
    },
    ev: {
      ...file.ev,
      before: rows.map(([before]) => before),
      after: rows.map(([, after]) => after),
    },
    spans: file.spans.map((span) => withSlack(span, slackAt)),
  };
}

/**
 * What happens at a server is known from outside only: not before its request left, and not after
 * its answer arrived.
 */
function serverSlack({ hosts, msg }: TraceFile): (atUs: number) => Slack | undefined {
  const before = new Map<number, number>();
  const after = new Map<number, number>();
  let sentAtUs = 0;
  msg.dt.forEach((dt, index) => {
    sentAtUs += dt;
    const took = msg.took[index]!;
    if (took < 0) return;
    if (hosts[msg.to[index]!]?.kind === 'client') after.set(sentAtUs, took);
    else before.set(sentAtUs + took, took);
  });
  return (atUs) => {
    const [early, late] = [before.get(atUs), after.get(atUs)];
    return early === undefined && late === undefined ? undefined : [early ?? 0, late ?? 0];
  };
}

type Columns = TraceFile['spans'][number];

function withSlack(span: Columns, slackAt: (atUs: number) => Slack | undefined): Columns {
  const isServers = span.kind === 'lease' || span.kind === 'held';
  const exact = [CLIENT_US, CLIENT_US] as const;
  const from = span.fromUs.map((atUs) => (isServers ? slackAt(atUs) : undefined) ?? exact);
  // A lease that nobody ended ran out: of when one knows as much as of its beginning.
  const until = span.untilUs.map((atUs, index) =>
    isServers ? (slackAt(atUs) ?? from[index]!) : exact,
  );
  return {
    ...span,
    fromBeforeUs: from.map(([before]) => before),
    fromAfterUs: from.map(([, after]) => after),
    untilBeforeUs: until.map(([before]) => before),
    untilAfterUs: until.map(([, after]) => after),
  };
}

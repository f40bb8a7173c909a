/** The trace of a real run: its history, and the messages as proxies saw them. */
import type { History } from '../../history.js';
import { boundedFile, type Slack } from '../../timeline/bounded.js';
import type { TraceFile } from '../../timeline/format.js';
import { traceFile } from '../../timeline/write.js';
import type { Trace, TraceMessage } from '../../trace.js';
import type { PropertyVerdict } from '../../verdict.js';
import type { RealRun } from './rebuild.js';
import type { WireRequest } from './wire.js';

/** The trace of a run, made when it is asked for; `engine` is our version. */
export type TraceOf = (engine: string) => TraceFile;

/** The trace of a run in columns. `history` has requests in the middle of their bounds. */
export function realTrace(
  run: RealRun,
  history: History,
  verdicts: readonly PropertyVerdict[],
  engine: string,
  environment: Readonly<Record<string, string>>,
): TraceFile {
  const trace: Trace = {
    scenario: run.scenario,
    history,
    messages: messagesOf(run),
    timers: [],
    decisions: [],
    places: {},
    digest: '',
  };
  const slacks = new Map(run.wire.map((request) => [middleOf(request), slackOf(request)]));
  const file = traceFile(trace, verdicts, engine);
  return boundedFile(file, (atUs) => slacks.get(atUs), environment);
}

/** When a request is taken to have been applied. */
export function middleOf({ earliestUs, latestUs }: WireRequest): number {
  return Math.round((earliestUs + latestUs) / 2);
}

function slackOf(request: WireRequest): Slack {
  const atUs = middleOf(request);
  return [Math.max(0, atUs - request.earliestUs), Math.max(0, request.latestUs - atUs)];
}

function messagesOf({ wire }: RealRun): TraceMessage[] {
  const messages = wire.flatMap((request): TraceMessage[] => {
    const { client, server, sentAtUs, text, reply, deliveredAtUs, latestUs } = request;
    const atUs = middleOf(request);
    const asked: TraceMessage = {
      from: client,
      to: server,
      sentAtUs,
      dueUs: atUs,
      endedAtUs: atUs,
      fate: 'delivered',
      text,
    };
    if (reply === undefined) return [asked];
    const answered = { from: server, to: client, sentAtUs: atUs, text: reply } as const;
    if (deliveredAtUs === undefined) {
      return [asked, { ...answered, dueUs: latestUs, endedAtUs: undefined, fate: 'lost' }];
    }
    const fate = 'delivered';
    return [asked, { ...answered, dueUs: latestUs, endedAtUs: deliveredAtUs, fate }];
  });
  return messages.sort((a, b) => a.sentAtUs - b.sentAtUs);
}

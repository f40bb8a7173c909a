/** Each row of a trace in words: for the table of events, for the voice, for Explain. */
import type { HistoryRecord } from '../history.js';
import { reasonOf } from '../story/reasons.js';
import { instant, span } from '../story/words.js';
import type { TraceModel } from './model.js';

/** A row in a few words, its time and host left out: `enters its section`. */
export function wordsOf(model: TraceModel, row: number): string {
  const record = model.record(row);
  const told = recordWords(record);
  return told ?? record.type;
}

function recordWords(record: HistoryRecord): string | undefined {
  switch (record.type) {
    case 'invoke':
      return `calls ${record.action}${record.mode === 'shared' ? ', to read' : ''}`;
    case 'ok':
      return okWords(record.action, record.fencingToken);
    case 'fail':
      return `${record.action}: no${because(record)}`;
    case 'info':
      return `${record.action}: no answer${because(record)}`;
    case 'enter':
      return `enters its section${record.mode === 'shared' ? ', to read' : ''}`;
    case 'step':
      return record.access === undefined ? 'takes a step' : `its ${record.access} leaves`;
    case 'exit':
      return record.completed ? 'leaves its section, its work done' : 'leaves its section early';
    case 'access':
      return (
        `${record.accepted ? 'accepts' : 'refuses'} ${record.client}’s ${record.access}` +
        (record.fencingToken === undefined ? '' : `, fencing token ${record.fencingToken}`)
      );
    case 'validity':
      return `its check answers: ${leftWords(record.validForMs)}`;
    default:
      return serviceWords(record);
  }
}

function serviceWords(record: HistoryRecord): string | undefined {
  switch (record.type) {
    case 'lease': {
      const { termUs } = record;
      const term = typeof termUs === 'number' ? `for ${span(termUs)}` : named(TERM_WORDS, termUs);
      return `${record.extends ? 'extends' : 'grants'} ${record.host}’s lease ${term}`;
    }
    case 'acked':
      return 'hears that it has the lease';
    case 'lease-end':
      return `the lease ${named(END_WORDS, record.cause)}${byWords(record.by)}`;
    case 'request':
      return `${record.client}’s ${record.action} arrives: ${named(EFFECT_WORDS, record.effect)}`;
    case 'release-sent':
      return 'its release leaves';
    case 'loss-delivered':
      return `hears from ${record.server}: not yours`;
    case 'told':
      return `is told by ${record.how}: lost`;
    default:
      return worldWords(record);
  }
}

function worldWords(record: HistoryRecord): string | undefined {
  switch (record.type) {
    case 'host':
      return named(HOST_WORDS, record.state);
    case 'clock':
      return (
        `its ${record.clock} clock reads ${instant(record.localUs)}, ` +
        `rate ${record.ratePpm} ppm`
      );
    case 'fault':
      return `${record.class} (${record.fault}) ${named(EDGE_WORDS, record.edge)}`;
    case 'pending':
      return `${record.requests} requests and ${record.timers} timers are left`;
    case 'enqueued':
      return `${record.host} takes a place in the queue`;
    case 'dequeued':
      return `${record.host}’s place in the queue: ${record.cause}`;
    default:
      return undefined;
  }
}

function okWords(action: string, fencingToken: number | undefined): string {
  if (action !== 'acquire') return `${action}: done`;
  return fencingToken === undefined ? 'is granted' : `is granted, fencing token ${fencingToken}`;
}

/** In a file `null` stands for whatever is no finite number. */
function leftWords(validForMs: number | null): string {
  if (validForMs === null || !Number.isFinite(validForMs)) return 'no finite time left';
  return `${instant(Math.round(validForMs * 1_000))} left`;
}

/** A word of a later Holdfast is shown as it is. */
function named(words: Readonly<Record<string, string>>, name: string): string {
  return (Object.hasOwn(words, name) ? words[name] : undefined) ?? name;
}

function byWords(by: { readonly host: string } | undefined): string {
  return by === undefined ? '' : ` by ${by.host}`;
}

function because(record: { readonly reason?: string | undefined }): string {
  const reason = reasonOf(record);
  return reason === undefined ? '' : ` (${reason})`;
}

const TERM_WORDS = { none: 'without end', session: 'for as long as its session' } as const;
const END_WORDS = {
  expired: 'expires',
  released: 'is released',
  deleted: 'is deleted',
  overwritten: 'is overwritten',
  lost: 'is forgotten',
  session: 'ends with its session',
} as const;

const EFFECT_WORDS = { none: 'no effect', ended: 'ends a lease', extended: 'extends' } as const;
const HOST_WORDS = {
  paused: 'is paused',
  resumed: 'runs on',
  dead: 'dies',
  restarted: 'starts again',
} as const;
const EDGE_WORDS = { start: 'begins', touched: 'meets an operation', end: 'ends' } as const;

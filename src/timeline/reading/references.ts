/**
 * What a trace file must hold beyond its shape: columns of one length, indexes that lead somewhere,
 * times that do not run backwards. Each check gives a sentence that begins with the place.
 */
import { plural } from '../../story/words.js';
import { FATES, type TraceFile } from '../format.js';
import { wrongLease, wrongRecord } from './records.js';

type Numbers = readonly number[];

/** The first thing that is wrong, if any; looks at columns first, since all else reads them. */
export function wrongReference(file: TraceFile): string | undefined {
  return (
    wrongColumns(file) ??
    first(references(file)) ??
    first(times(file)) ??
    ambiguous(file) ??
    wrongRecord(file) ??
    wrongLease(file)
  );
}

function first(problems: Iterable<string | undefined>): string | undefined {
  for (const problem of problems) if (problem !== undefined) return problem;
  return undefined;
}

function wrongColumns({ ev, msg, spans }: TraceFile): string | undefined {
  const groups = spans.map((span, index): [string, object] => [`spans[${index}]`, span]);
  for (const [path, columns] of [['ev', ev] as const, ['msg', msg] as const, ...groups]) {
    const lists = Object.entries(columns).filter(([, values]) => Array.isArray(values));
    const [[one, { length: wanted }] = ['', []]] = lists as [string, unknown[]][];
    for (const [name, { length }] of lists as [string, unknown[]][]) {
      if (length === wanted) continue;
      return `${path}.${name} has ${plural(length, 'row')} and ${path}.${one} has ${wanted}`;
    }
  }
  return undefined;
}

function* references(file: TraceFile): Generator<string | undefined> {
  const { hosts, dict, payload, ev, msg, clocks, spans, faults, violations } = file;
  const ofHosts = among(hosts.length, 'host');
  const ofTexts = among(dict.length, 'text of dict', 'texts of dict');
  const ofRows = among(ev.dt.length, 'row of ev', 'rows of ev');
  yield ofHosts('ev.host', ev.host);
  yield ofTexts('ev.type', ev.type);
  yield among(payload.length, 'payload')('ev.payload', ev.payload);
  yield ofTexts('ev.place', ev.place);
  yield beforeFirst(ev.cause);
  yield ofHosts('msg.from', msg.from);
  yield ofHosts('msg.to', msg.to);
  yield ofTexts('msg.text', msg.text);
  yield ofTexts('msg.place', msg.place);
  yield unknownFate(msg);
  for (const [at, { host }] of clocks.entries()) yield ofHosts(`clocks[${at}].host`, host);
  for (const [at, { host, by }] of spans.entries()) {
    yield ofHosts(`spans[${at}].host`, host);
    yield ofRows(`spans[${at}].by`, by);
  }
  for (const [at, fault] of faults.entries()) yield ofHosts(`faults[${at}].hosts`, fault.hosts);
  for (const [at, { witness }] of violations.entries()) {
    yield ofRows(`violations[${at}].witness`, witness);
  }
}

/** Whether indexes lead to one of so many things; shape saw to it that they are whole, from −1. */
function among(count: number, one: string, many?: string) {
  return (path: string, indexes: Numbers | number): string | undefined => {
    if (typeof indexes === 'number') {
      return indexes < count ? undefined : leadsNowhere(path, indexes);
    }
    for (let at = 0; at < indexes.length; at++) {
      if (indexes[at]! >= count) return leadsNowhere(`${path}[${at}]`, indexes[at]!);
    }
    return undefined;
  };

  function leadsNowhere(path: string, index: number): string {
    const verb = count === 1 ? 'is' : 'are';
    return `${path} is ${index}, but there ${verb} ${plural(count, one, many)}, counted from 0`;
  }
}

function beforeFirst(cause: Numbers): string | undefined {
  for (let row = 0; row < cause.length; row++) {
    if (cause[row]! > row) return `ev.cause[${row}] is ${cause[row]}, which leads before row 0`;
  }
  return undefined;
}

/** Of messages: what was delivered has an end, and what was under way to the last has none. */
function unknownFate({ fate, took }: TraceFile['msg']): string | undefined {
  for (let at = 0; at < fate.length; at++) {
    const name = FATES[fate[at]!];
    if (name === undefined) {
      const known = FATES.map((one, number) => `${number} ${one}`).join(', ');
      return `msg.fate[${at}] is ${fate[at]}; there are ${known}`;
    }
    const hasEnd = took[at]! >= 0;
    if ((name === 'delivered' && !hasEnd) || (name === 'in-flight' && hasEnd)) {
      return `msg.took[${at}] is ${took[at]}, but msg.fate[${at}] is ${fate[at]}, ${name}`;
    }
  }
  return undefined;
}

function* times({ ev, msg, clocks, spans, faults, meta }: TraceFile) {
  yield outOfOrder('ev', ev.dt);
  yield outOfOrder('msg', msg.dt);
  for (const [at, { fromUs, untilUs }] of spans.entries()) {
    const index = untilUs.findIndex((endUs, row) => endUs < fromUs[row]!);
    if (index >= 0)
      yield endsEarly(`spans[${at}].untilUs[${index}]`, fromUs[index]!, untilUs[index]!);
  }
  for (const [at, { fromUs, untilUs }] of faults.entries()) {
    if (untilUs < fromUs) yield endsEarly(`faults[${at}].untilUs`, fromUs, untilUs);
  }
  for (const [at, { pieces }] of clocks.entries()) {
    const early = pieces.findIndex(([atUs], index) => atUs < (pieces[index - 1]?.[0] ?? 0));
    if (early >= 0) yield `clocks[${at}].pieces[${early}] begins before the piece before it`;
  }
  if (meta.truth === 'exact') yield uncertain(ev, spans);
}

function outOfOrder(path: string, dt: Numbers): string | undefined {
  for (let row = 0; row < dt.length; row++) {
    if (dt[row]! < 0) {
      return `${path}.dt[${row}] is ${dt[row]}: rows stand in order of time, from 0 on`;
    }
  }
  return undefined;
}

function endsEarly(path: string, fromUs: number, untilUs: number): string {
  return `${path} is ${untilUs}, before its beginning at ${fromUs}`;
}

const UNCERTAIN = /^(?:before|after|(?:from|until)(?:Before|After)Us)$/;

function uncertain(ev: TraceFile['ev'], spans: TraceFile['spans']): string | undefined {
  const named = (path: string, columns: object) => {
    const name = Object.keys(columns).find((key) => UNCERTAIN.test(key));
    return name === undefined
      ? undefined
      : `${path}.${name} is uncertainty, and meta.truth is "exact"; it must be "bounded"`;
  };
  return named('ev', ev) ?? first(spans.map((span, at) => named(`spans[${at}]`, span)));
}

/** Two things of one name, where only one can be meant. */
function ambiguous({ hosts, spans }: TraceFile): string | undefined {
  return (
    twice(
      'hosts',
      'id',
      hosts.map(({ id }) => id),
    ) ??
    twice(
      'spans',
      'kind',
      spans.map(({ kind }) => kind),
    )
  );
}

function twice(path: string, field: string, names: readonly string[]): string | undefined {
  const known = new Map<string, number>();
  for (const [at, name] of names.entries()) {
    const before = known.get(name);
    if (before !== undefined) {
      return `${path}[${at}].${field} is "${name}", and so is ${path}[${before}].${field}`;
    }
    known.set(name, at);
  }
  return undefined;
}

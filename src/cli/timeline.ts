/**
 * A story as a timeline: time runs down, each client has a column where its rows begin, each server
 * one that shows whose lease it took (the client's letter) or that it ended (a dot). Too narrow for
 * columns, it is a list.
 */
import type { HostId } from '../fault.js';
import type { StoryRow } from '../report.js';
import { SERVICES, serverNames, serviceOf } from '../service.js';
import { instant } from '../story/words.js';
import type { Paint, Style } from './terminal.js';
import { padEnd, padStart, widthOf, wrap } from './text.js';

/** Whose columns a timeline has. */
export interface Hosts {
  readonly clients: readonly HostId[];
  readonly servers: readonly HostId[];
  /** Whether the protected resource has rows. */
  readonly resource: HostId | undefined;
}

interface Layout extends Hosts {
  readonly timeWidth: number;
  /** Width of the clients' part, and where each client's column begins in it. */
  readonly bodyWidth: number;
  readonly starts: readonly number[];
  readonly serverWidth: number;
  /** Width of the servers' and the resource's part, with the space before it. */
  readonly sideWidth: number;
}

/** A column that is narrower than this is no help. */
const LEAST_COLUMN = 14;
const GUTTER = 3;

/** The hosts that a story's rows name, in order. */
export function hostsOf(rows: readonly StoryRow[]): Hosts {
  const named = new Set(rows.map(({ host }) => host));
  const accessed = rows.find(({ kind }) => kind === 'access');
  const servers = new Set(rows.flatMap((row) => row.servers ?? []));
  const resource = accessed?.host;
  for (const { host, kind } of rows) {
    if (host !== resource && (kind === 'lease-end' || serviceOf(host) !== undefined))
      servers.add(host);
  }
  if (resource !== undefined) servers.delete(resource);
  const clients = [...named].filter((host) => host !== resource && !servers.has(host));
  return { clients: clients.sort(byName), servers: allUpTo([...servers].sort(byName)), resource };
}

/** Up to the last one named: servers that took no part stay visible as empty columns. */
function allUpTo(servers: readonly HostId[]): HostId[] {
  return SERVICES.flatMap((service) => {
    const last = servers.findLast((server) => serviceOf(server) === service);
    return last === undefined ? [] : serverNames(service, Number(last.slice(1)));
  });
}

function byName(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** The lines of a timeline, at most `columns` wide. */
export function timeline(
  rows: readonly StoryRow[],
  columns: number,
  paint: Paint,
  hosts: Hosts = hostsOf(rows),
): string[] {
  const layout = layOut(rows, columns, hosts);
  if (layout === undefined) return storyList(rows, columns, paint);
  return [header(layout, paint), ...rows.flatMap((row) => rowLines(layout, row, paint))];
}

function layOut(rows: readonly StoryRow[], columns: number, hosts: Hosts): Layout | undefined {
  const { clients, servers, resource } = hosts;
  const timeWidth = Math.max(8, ...rows.map(({ atUs }) => widthOf(instant(atUs))));
  const serverWidth = Math.max(2, ...servers.map(widthOf));
  const serversWidth = servers.length === 0 ? 0 : servers.length * (serverWidth + 1) + 1;
  const sideWidth = serversWidth + (resource === undefined ? 0 : widthOf(resource) + 2);
  const bodyWidth = columns - timeWidth - GUTTER - sideWidth;
  const count = Math.max(1, clients.length);
  if (bodyWidth < count * LEAST_COLUMN) return undefined;
  const lastWidth = Math.max(Math.ceil(bodyWidth / count), Math.min(24, bodyWidth));
  const step = count === 1 ? 0 : Math.floor((bodyWidth - lastWidth) / (count - 1));
  const starts = clients.map((_, index) => index * step);
  return { ...hosts, timeWidth, bodyWidth, starts, serverWidth, sideWidth };
}

function header(layout: Layout, paint: Paint): string {
  const { timeWidth, starts, bodyWidth, clients, resource } = layout;
  let body = '';
  clients.forEach((client, index) => {
    body = `${padEnd(body, starts[index]!)}client ${client}`;
  });
  const names = new Map(layout.servers.map((server) => [server, server]));
  const side = servers(layout, names) + (resource === undefined ? '' : `  ${resource}`);
  const line = ' '.repeat(timeWidth + GUTTER) + padEnd(body, bodyWidth) + side;
  return paint('bold', line.trimEnd());
}

/** The servers' part of a line, with what stands under each. */
function servers({ servers, serverWidth }: Layout, marks: ReadonlyMap<HostId, string>): string {
  if (servers.length === 0) return '';
  return `  ${servers.map((server) => padEnd(marks.get(server) ?? '', serverWidth)).join(' ')}`;
}

function rowLines(layout: Layout, row: StoryRow, paint: Paint): string[] {
  const { timeWidth, bodyWidth } = layout;
  const sideText = servers(layout, marksOf(layout, row));
  const lines = bodyLines(layout, row);
  return lines.map((body, at) => {
    const head =
      at === 0
        ? `${padStart(instant(row.atUs), timeWidth)} ${markOf(row)} `
        : ' '.repeat(timeWidth + GUTTER);
    const wide = widthOf(body) > bodyWidth;
    const side = at === lines.length - 1 && !wide ? sideText : '';
    const text = `${side === '' ? body : padEnd(body, bodyWidth) + side}`.trimEnd();
    const style = styleOf(row);
    return (paint('dim', head) + (style === undefined ? text : paint(style, text))).trimEnd();
  });
}

function markOf({ mark }: StoryRow): string {
  return mark === 'violation' ? '✗' : mark === 'witness' ? '•' : ' ';
}

function styleOf({ mark, kind }: StoryRow): Style | undefined {
  if (mark === 'violation') return ['red', 'bold'];
  if (mark === 'witness') return 'bold';
  if (kind === 'lease-end') return 'cyan';
  return kind === 'pause' || kind === 'fault' || kind === 'dead' ? 'yellow' : undefined;
}

/** What stands under each server that a row concerns. */
function marksOf(layout: Layout, row: StoryRow): Map<HostId, string> {
  const { host, kind, operation } = row;
  const holder = operation?.replace(/\d+$/, '') ?? host;
  const concerned = row.servers ?? (layout.servers.includes(host) ? [host] : []);
  const mark = kind === 'lease' ? holder : kind === 'lease-end' ? '·' : '!';
  return new Map(concerned.map((server) => [server, mark]));
}

/** The text of a row where its host's column begins; of a server or the resource, on the right. */
function bodyLines(layout: Layout, row: StoryRow): string[] {
  const { bodyWidth, sideWidth, clients, starts, resource } = layout;
  const text = textOf(row);
  if (row.host === resource) {
    const width = bodyWidth + sideWidth;
    return wrap(text, width).map((line) => padStart(line, width));
  }
  const client = clients.indexOf(row.host);
  if (client < 0) return wrap(text, bodyWidth).map((line) => padStart(line, bodyWidth));
  const start = starts[client]!;
  const lines = wrap(text, bodyWidth - start).map((line) => ' '.repeat(start) + line);
  const last = lines.pop()!;
  if (row.kind === 'lease') lines.push(...withArrow(row, last, start, bodyWidth));
  else lines.push(...withPlace(layout, row, last, start));
  return lines;
}

/** The text of a request, where it was sent, and the way to its servers. */
function withArrow({ place }: StoryRow, line: string, start: number, bodyWidth: number): string[] {
  if (place === undefined) return [`${line} ${arrow(bodyWidth - widthOf(line) - 1)}`.trimEnd()];
  const named = `${line} · ${place}`;
  if (widthOf(named) + 4 <= bodyWidth) return [`${named} ${arrow(bodyWidth - widthOf(named) - 1)}`];
  const below = `${' '.repeat(start)}at ${place}`;
  return [line, `${below} ${arrow(bodyWidth - widthOf(below) - 1)}`.trimEnd()];
}

/** From the text to the servers; nothing if there is no room for an arrow. */
function arrow(width: number): string {
  return width < 2 ? '' : `${'─'.repeat(width - 1)}▶`;
}

/** Where in the code it was: at the end of the line if there is room, else below it. */
function withPlace(layout: Layout, row: StoryRow, line: string, start: number): string[] {
  const { place, servers: concerned } = row;
  if (place === undefined) return [line];
  const room = layout.bodyWidth + (concerned === undefined ? layout.sideWidth : 0);
  const free = room - widthOf(line) - widthOf(place) - 2;
  if (free >= 0) return [`${line}${' '.repeat(free + 2)}${place}`];
  return [line, `${' '.repeat(start)}at ${place}`];
}

function textOf({ kind, text, untilUs }: StoryRow): string {
  if (kind === 'pause') return `‖ ${text}`;
  return kind === 'fault' && untilUs !== undefined ? `${text} until ${instant(untilUs)}` : text;
}

/** A row as a clause with its subject: what a row of a client or server does. */
export function clause(row: StoryRow): string {
  const text = textOf(row).replace('‖ ', 'is ');
  const named = row.kind === 'lease-end' || (row.kind === 'lease' && row.servers?.[0] === row.host);
  const subject = named ? '' : `${row.host}: `;
  const concerned = row.kind === 'lease' ? ` (${(row.servers ?? []).join(' ')})` : '';
  return `${subject}${text}${concerned}`;
}

/** The story as a list of lines, for narrow terminals. */
function storyList(rows: readonly StoryRow[], columns: number, paint: Paint): string[] {
  const timeWidth = Math.max(8, ...rows.map(({ atUs }) => widthOf(instant(atUs))));
  const indent = ' '.repeat(timeWidth + GUTTER);
  return rows.flatMap((row) =>
    wrap(clause(row), columns - indent.length).map((line, at) => {
      const head = `${padStart(instant(row.atUs), timeWidth)} ${markOf(row)} `;
      const style = styleOf(row);
      return (at === 0 ? paint('dim', head) : indent) + (style ? paint(style, line) : line);
    }),
  );
}

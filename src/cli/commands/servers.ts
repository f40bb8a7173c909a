/** `holdfast servers`: real servers on this machine, for as long as somebody wants them. */
import { UsageError } from '../../host/engine-api.js';
import type { ServerAddress } from '../../real/servers/address.js';
import { HOW_TO_INSTALL } from '../../real/servers/available.js';
import type { StandingServer } from '../../real/servers/health.js';
import { probe } from '../../real/servers/probe.js';
import { ServerTrouble } from '../../real/servers/trouble.js';
import { bringDown, bringUp, look } from '../../real/servers/up.js';
import { SERVICES, type Service } from '../../service.js';
import { list, plural } from '../../story/words.js';
import { hint, quoted, wholeNumber } from '../arguments.js';
import type { Session } from '../context.js';
import { EXIT } from '../exit-code.js';
import { addressesOf, type GivenOptions } from '../given-servers.js';
import { type Paint, painter } from '../terminal.js';
import { indented, padEnd, widthOf } from '../text.js';

/** Redlock on more is not what anybody runs, and each takes a process. */
const REDIS_COUNT_MAX = 20;

/** `redis`, `postgres`, …: services by name, each once. */
function servicesOf(names: readonly string[]): Service[] {
  const services = names.map((name): Service => {
    const found = SERVICES.find((service) => service === name);
    if (found !== undefined) return found;
    throw new UsageError(`servers: there is no service ${quoted(name)}; ${hint(name, SERVICES)}`);
  });
  return [...new Set(services)];
}

export async function up(
  session: Session,
  names: readonly string[],
  { redisCount }: { readonly redisCount?: string },
): Promise<number> {
  const services = servicesOf(names);
  const report = await bringUp({
    services,
    ...(redisCount !== undefined && {
      redisCount: wholeNumber('--redis-count', redisCount, 1, REDIS_COUNT_MAX),
    }),
  });
  const { terminal } = session;
  const servers = await look();
  printTable(session, servers, false);
  if (servers.length > 0) terminal.line();
  const { started, alreadyUp, orphans, missing, troubles } = report;
  if (orphans.length > 0) {
    say(session, `Ended ${plural(orphans.length, 'server')} that a killed run had left behind.`);
  }
  if (alreadyUp.length > 0) say(session, `${list(alreadyUp)} ${areUp(alreadyUp)} up already.`);
  if (started.length > 0) say(session, 'They run until holdfast servers down.');
  for (const sentence of [...missing, ...troubles]) terminal.note(`holdfast: ${sentence}`);
  const isNothingUp = started.length + alreadyUp.length === 0;
  const isShort = troubles.length > 0 || report.isNamedMissing || isNothingUp;
  return isShort ? EXIT.unknown : EXIT.valid;
}

const areUp = ({ length }: readonly Service[]): string => (length === 1 ? 'is' : 'are');

/** With an address, of the servers named; else of those that are up. */
export async function status(
  session: Session,
  { json = false, ...named }: GivenOptions & { readonly json?: boolean },
): Promise<number> {
  const addresses = addressesOf(named);
  if (addresses.length > 0) return statusOfNamed(session, addresses, json);
  const { terminal } = session;
  const servers = await look();
  const troubled = servers.filter(({ health }) => health !== 'up');
  const code = troubled.length > 0 ? EXIT.unknown : EXIT.valid;
  if (json) {
    terminal.line(JSON.stringify(servers, undefined, 2));
    return code;
  }
  if (servers.length === 0) {
    say(session, `No servers are up: holdfast servers up starts them, ${HOW_TO_INSTALL}.`);
    return code;
  }
  printTable(session, servers, true);
  if (troubled.length > 0) {
    const states = troubled.map(({ id, health }) => `${id} is ${health}`);
    terminal.line();
    say(session, `${list(states)}; holdfast servers up starts their service anew.`);
  }
  return code;
}

/** Servers that the user has: their versions, or what stands in the way of using them. */
async function statusOfNamed(
  session: Session,
  addresses: readonly ServerAddress[],
  json: boolean,
): Promise<number> {
  const { terminal } = session;
  const looked = await Promise.all(
    addresses.map(async (address) => {
      const { service, host, port, shown } = address;
      const server = { service, host, port, url: shown };
      try {
        const { version } = await probe(address);
        return { ...server, version };
      } catch (error) {
        if (!(error instanceof ServerTrouble)) throw error;
        return { ...server, trouble: error.message };
      }
    }),
  );
  if (json) terminal.line(JSON.stringify(looked, undefined, 2));
  for (const server of json ? [] : looked) {
    if ('trouble' in server) terminal.note(`holdfast: ${server.trouble}`);
    else terminal.line(`${server.url}  ${server.service} ${server.version}, can be used`);
  }
  return looked.some((server) => 'trouble' in server) ? EXIT.unknown : EXIT.valid;
}

export async function down(session: Session, names: readonly string[]): Promise<number> {
  const ended = await bringDown(servicesOf(names));
  const { terminal } = session;
  if (ended.length === 0) terminal.line('Nothing was up.');
  else {
    say(session, `Ended ${list(ended.map(({ id }) => id))}, and removed their folders.`);
  }
  return EXIT.valid;
}

/** A paragraph. */
function say({ terminal }: Session, text: string): void {
  for (const line of indented(text, terminal.columns, '', '')) terminal.line(line);
}

/** Servers under their programs: id, url, pid, and how they are if that is asked. */
function printTable(
  { terminal }: Session,
  servers: readonly StandingServer[],
  withHealth: boolean,
): void {
  const paint = painter(terminal);
  const widths = {
    id: Math.max(0, ...servers.map(({ id }) => widthOf(id))),
    url: Math.max(0, ...servers.map(({ url }) => widthOf(url))),
  };
  let heading = '';
  for (const server of servers) {
    const itsHeading = `${server.kind} ${server.version}`;
    if (itsHeading !== heading) terminal.line(paint('bold', itsHeading));
    heading = itsHeading;
    terminal.line(row(server, widths, withHealth, paint));
  }
}

function row(
  { id, url, pid, health }: StandingServer,
  widths: { readonly id: number; readonly url: number },
  withHealth: boolean,
  paint: Paint,
): string {
  const cells = [padEnd(id, widths.id), padEnd(url, widths.url), `pid ${pid ?? '-'}`];
  if (withHealth) cells.push(paint(health === 'up' ? 'green' : 'red', health));
  return `  ${cells.join('  ')}`;
}

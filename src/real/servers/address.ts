/**
 * Servers that the user already has, as they are named on the command line. What cannot be an
 * address is refused before anything is sent anywhere.
 */
import { UsageError } from '../../host/engine-api.js';
import type { Service } from '../../service.js';

/** Where a server is, and what it wants to hear first. */
export interface ServerAddress {
  readonly service: Service;
  readonly host: string;
  readonly port: number;
  /** Without the password: what may be shown. */
  readonly shown: string;
  readonly user?: string;
  readonly password?: string;
  /** Of Redis a number, default `0`; of PostgreSQL a name, default that of the user. */
  readonly database: string;
}

interface AddressForm {
  /** Without the colon; the first one is what examples show. */
  readonly schemes: readonly string[];
  readonly tlsSchemes: readonly string[];
  readonly port: number;
  readonly example: string;
  /** Whether an address may stand without its scheme. */
  readonly bare: boolean;
}

const FORMS: Readonly<Record<Service, AddressForm>> = {
  redis: {
    schemes: ['redis'],
    tlsSchemes: ['rediss'],
    port: 6_379,
    example: 'redis://127.0.0.1:6379',
    bare: false,
  },
  postgres: {
    schemes: ['postgres', 'postgresql'],
    tlsSchemes: [],
    port: 5_432,
    example: 'postgres://user@127.0.0.1:5432/database',
    bare: false,
  },
  etcd: {
    schemes: ['http'],
    tlsSchemes: ['https'],
    port: 2_379,
    example: 'http://127.0.0.1:2379',
    bare: true,
  },
  zookeeper: { schemes: [], tlsSchemes: [], port: 2_181, example: '127.0.0.1:2181', bare: true },
};

/**
 * The servers that `--redis`, `--postgres`, `--etcd` or `--zookeeper` names, separated by commas.
 *
 * @throws UsageError if one of them is no address, or stands there twice.
 */
export function parseAddresses(service: Service, text: string): ServerAddress[] {
  const addresses = text.split(',').map((part) => parseAddress(service, part.trim()));
  const seen = new Set<string>();
  for (const { host, port } of addresses) {
    const where = `${host}:${port}`;
    if (seen.has(where)) {
      throw new UsageError(
        `--${service} names ${where} twice: the same server would count as two; name it once`,
      );
    }
    seen.add(where);
  }
  return addresses;
}

function parseAddress(service: Service, text: string): ServerAddress {
  const form = FORMS[service];
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && form.tlsSchemes.includes(scheme)) {
    throw new UsageError(
      `--${service} ${hidden(text)} asks for TLS, which Holdfast does not speak to servers: name ` +
        `a port without it, such as ${form.example}`,
    );
  }
  const isBare = scheme === undefined && form.bare;
  const isKnown = scheme !== undefined && form.schemes.includes(scheme);
  // A scheme that the platform knows nothing of: then no default port disappears from the address.
  const url = isBare || isKnown ? toUrl(text.replace(/^[^/]*:\/\//, '')) : undefined;
  if (url === undefined || url.hostname === '') throw refusal(service, text);
  const port = url.port === '' ? form.port : Number(url.port);
  if (port === 0) throw refusal(service, text);
  return { service, ...whereOf(url, port), ...whoOf(service, url, text) };
}

function toUrl(rest: string): URL | undefined {
  try {
    return new URL(`server://${rest}`);
  } catch {
    return undefined;
  }
}

function whereOf({ hostname }: URL, port: number) {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, port };
}

/** User, password and database, of services that have them. */
function whoOf(service: Service, url: URL, text: string) {
  const { username, password, pathname, search, hash } = url;
  const database = decoded(pathname.replace(/^\//, ''));
  const hasNone = service === 'etcd' || service === 'zookeeper';
  if (search !== '' || hash !== '' || database === undefined) throw refusal(service, text);
  if (hasNone && (username !== '' || password !== '' || database !== '')) {
    throw refusal(service, text);
  }
  if (service === 'redis' && !/^\d*$/.test(database)) throw refusal(service, text);
  const [user, secret] = [decoded(username), decoded(password)];
  if (user === undefined || secret === undefined) throw refusal(service, text);
  const fallback = service === 'redis' ? '0' : user;
  return {
    shown: hidden(text),
    database: database === '' ? fallback : database,
    ...(user !== '' && { user }),
    ...(secret !== '' && { password: secret }),
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** An address with stars in place of its password. */
function hidden(text: string): string {
  const scheme = /^[^/]*:\/\//.exec(text)?.[0] ?? '';
  return scheme + text.slice(scheme.length).replace(/^([^/@:]*):.*@/, '$1:***@');
}

function refusal(service: Service, text: string): UsageError {
  return new UsageError(
    `--${service} takes an address such as ${FORMS[service].example}, several separated by ` +
      `commas; it got ${JSON.stringify(hidden(text))}`,
  );
}

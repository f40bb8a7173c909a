/**
 * `--redis`, `--postgres`, `--etcd` and `--zookeeper`: servers that the user already has, and that
 * a command uses in place of servers of its own.
 */
import type { Command } from 'commander';
import type { GivenServers } from '../real/given/given-servers.js';
import { parseAddresses, type ServerAddress } from '../real/servers/address.js';
import { SERVICES, type Service } from '../service.js';

/** The options as text. */
export type GivenOptions = Partial<Record<Service, string>>;

export function withGivenOptions(command: Command): Command {
  return command
    .option('--redis <urls>', 'Redis you have: redis://127.0.0.1:6379, several separated by commas')
    .option('--postgres <url>', 'PostgreSQL you have: postgres://user@127.0.0.1:5432/database')
    .option('--etcd <urls>', 'etcd you have: http://127.0.0.1:2379')
    .option('--zookeeper <addresses>', 'ZooKeeper you have: 127.0.0.1:2181');
}

/**
 * What the options name, in the order of services.
 *
 * @throws UsageError if one of them is no address.
 */
export function addressesOf(options: GivenOptions): ServerAddress[] {
  return SERVICES.flatMap((service) => {
    const text = options[service];
    return text === undefined ? [] : parseAddresses(service, text);
  });
}

/**
 * The servers that the options name, each looked at; `undefined` if they name none.
 *
 * @throws UsageError if one of them is no address.
 * @throws ServerTrouble that says why one cannot be used.
 */
export async function givenServers(options: GivenOptions): Promise<GivenServers | undefined> {
  const addresses = addressesOf(options);
  if (addresses.length === 0) return undefined;
  // Client libraries of servers come with it, which most commands do without.
  const { lookAt } = await import('../real/given/given-servers.js');
  return lookAt(addresses);
}

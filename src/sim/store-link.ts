/**
 * A client process's way to the protected resource: one connection, opened again when it is lost.
 */

import { fold, hashString } from '../digest.js';
import type { Access, AccessReply, RunnerStore } from './client-process.js';
import { Connection } from './connection.js';
import type { Link } from './link.js';
import type { Process } from './process.js';
import type { Resource } from './resource.js';
import type { ConnectionNumbers } from './services/service-connection.js';

/**
 * How long a client waits for the resource, in milliseconds, before it counts the access as lost.
 */
const STORE_CALL_TIMEOUT_MS = 60_000;

export class StoreLink implements RunnerStore {
  constructor(
    private readonly process: Process,
    private readonly link: Link,
    private readonly resource: Resource,
    private readonly numbers: ConnectionNumbers,
  ) {}

  /**
   * Sends an access; rejects if it is not known what became of it. The caller has entered.
   */
  send(access: Access): Promise<AccessReply> {
    const { process, link } = this;
    let connection = link.connection;
    if (connection === undefined || connection.process !== process) {
      connection = new Connection(process, link, this.resource, this.numbers.next());
      link.connection = connection;
    }
    const { cell } = access;
    const kind = access.access === 'read' ? 1 : 2;
    const one = fold(fold(fold(kind, access.fencingToken ?? -1), access.grant), access.value);
    const hash = cell === undefined ? one : fold(one, hashString(cell));
    const text = process.host.world.trace === undefined ? '' : textOf(access);
    return connection.send(access, hash, text, STORE_CALL_TIMEOUT_MS) as Promise<AccessReply>;
  }
}

/** What a trace shows of an access. */
function textOf({ access, value, cell }: Access): string {
  const text = access === 'read' ? 'read' : `write ${value}`;
  return cell === undefined ? text : `${text}: ${cell}`;
}

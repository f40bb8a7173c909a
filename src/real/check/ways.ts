/**
 * What befalls the ways between clients and servers of a run that goes as it goes: the next message
 * on one is lost with its connection, all on it are held for a while, a server answers with an error
 * (docs/semantics.md, R7).
 */
import type { HostId } from '../../fault.js';
import type { Tunnel } from '../proxy/tunnel.js';

/** A message that is lost with its connection: before its server has it, or before its client. */
export type Loss = 'lost-request' | 'lost-reply';

export class Ways {
  /** What servers answer every request with, for now. */
  readonly errors = new Map<HostId, string>();
  private readonly held = new Map<string, (() => void)[]>();
  private readonly losses = new Map<string, () => void>();

  /** Goes on at once, or when the network is whole again. */
  pass({ client, server }: Tunnel, go: () => void): void {
    const held = this.held.get(`${client} ${server}`);
    if (held === undefined) go();
    else held.push(go);
  }

  /** Nothing goes from one to the other and back, until what is returned is called. */
  part(client: HostId, server: HostId): () => void {
    const way = `${client} ${server}`;
    const held = this.held.get(way) ?? [];
    this.held.set(way, held);
    return () => {
      this.held.delete(way);
      for (const go of held) go();
    };
  }

  isParted(client: HostId, server: HostId): boolean {
    return this.held.has(`${client} ${server}`);
  }

  /** The next message of that kind is lost; `struck` is told when it is. */
  loseNext(client: HostId, server: HostId, loss: Loss, struck: () => void): void {
    this.losses.set(`${client} ${server} ${loss}`, struck);
  }

  /** Whether this message is the one that is lost. */
  loses({ client, server }: Tunnel, loss: Loss): boolean {
    const way = `${client} ${server} ${loss}`;
    const struck = this.losses.get(way);
    this.losses.delete(way);
    struck?.();
    return struck !== undefined;
  }

  /** What has not struck by now does not strike any more. */
  calm(): void {
    this.losses.clear();
    this.errors.clear();
  }
}

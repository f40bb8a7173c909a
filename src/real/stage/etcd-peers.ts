/**
 * What is between the members of an etcd cluster: all reach a member at one place, and say who they
 * are in the first request on a connection, so that one can be cut off from the others and not from
 * its clients.
 */
import { LOOPBACK } from '../loopback.js';
import { type EtcdPlace, etcdStatus } from '../servers/etcd-api.js';
import { type Greeting, PeerLink } from './peer-link.js';

const MEMBERS = 3;
const HEAD_END = '\r\n\r\n';
/** Every request between members of a cluster has it (`rafthttp/http.go`, `stream.go`). */
const FROM = /^x-server-from: *([0-9a-f]+)/im;

export class EtcdPeers {
  /** In the order of the members. */
  private readonly links: PeerLink[] = [];

  /** Where the others reach the next member, for `startEtcd`. */
  async through(port: number): Promise<number> {
    const at = this.links.length;
    // Its place is taken before anybody waits.
    const opening = PeerLink.open({ host: LOOPBACK, port }, readHead);
    this.links.length = at + 1;
    const link = await opening;
    this.links[at] = link;
    return link.port;
  }

  /** Nothing passes between a member, by its place in their order, and the others. */
  async cutOff(index: number, place: EtcdPlace): Promise<void> {
    const { memberId } = await etcdStatus(place);
    const id = BigInt(memberId).toString(16);
    // Those before were for members that did not start.
    const first = this.links.length - MEMBERS;
    for (const [at, link] of this.links.entries()) {
      link.hold((from) => at === first + index || from === id);
    }
  }

  reunite(): void {
    for (const link of this.links) link.release();
  }

  close(): void {
    for (const link of this.links) link.close();
  }
}

/** Who sends the first request on a connection, once its head is there. */
export function readHead(bytes: Buffer): Greeting | undefined {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const from = FROM.exec(bytes.toString('latin1', 0, end))?.[1];
  return from === undefined ? { bytes } : { bytes, from };
}

/**
 * What is between the servers of a ZooKeeper ensemble: a way for each two of them and each of the
 * ports on which they meet, so that one can be cut off from the others and not from its clients.
 *
 * A server says itself where it listens for elections, and whoever has the higher number calls it
 * back there (upstream QuorumCnxManager.java of 3.8.0: `receiveConnection`): on its way that word
 * is changed into the way back.
 */
import { LOOPBACK } from '../loopback.js';
import type { PeerPorts } from '../servers/zookeeper.js';
import { type Greeting, PeerLink } from './peer-link.js';

/** Version of the protocol and number of the server, eight bytes each. */
const HEAD_BYTES = 16;
const LENGTH_BYTES = 4;

export class ZooKeeperPeers {
  private readonly links: {
    readonly between: readonly [number, number];
    readonly link: PeerLink;
  }[] = [];
  /** The port on which one reaches another for elections: `1 2`. */
  private readonly electionPorts = new Map<string, number>();

  /** How one server (from 1) reaches another, for `startZooKeeper`. */
  async through(from: number, to: number, ports: PeerPorts): Promise<PeerPorts> {
    const [quorum, election] = [
      await PeerLink.open({ host: LOOPBACK, port: ports.quorum }),
      await PeerLink.open({ host: LOOPBACK, port: ports.election }, (bytes) =>
        calledBack(bytes, this.electionPorts.get(`${to} ${from}`)!),
      ),
    ];
    for (const link of [quorum, election]) this.links.push({ between: [from, to], link });
    this.electionPorts.set(`${from} ${to}`, election.port);
    return { quorum: quorum.port, election: election.port };
  }

  /** Nothing passes between that server and the others until it is reunited with them. */
  cutOff(number: number): void {
    for (const { between, link } of this.links) {
      if (between.includes(number)) link.hold(() => true);
    }
  }

  reunite(number: number): void {
    for (const { between, link } of this.links) {
      if (between.includes(number)) link.release();
    }
  }

  close(): void {
    for (const { link } of this.links) link.close();
  }
}

/** The first message of a server to another, with the port on which it is to be called back. */
export function calledBack(bytes: Buffer, port: number): Greeting | undefined {
  const begin = HEAD_BYTES + LENGTH_BYTES;
  if (bytes.length < begin) return undefined;
  const end = begin + bytes.readInt32BE(HEAD_BYTES);
  if (bytes.length < end) return undefined;
  const place = Buffer.from(`${LOOPBACK}:${port}`);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeInt32BE(place.length);
  const head = bytes.subarray(0, HEAD_BYTES);
  return { bytes: Buffer.concat([head, length, place, bytes.subarray(end)]) };
}

/** Calls of a real client to a real etcd through a proxy, whose bytes come in small pieces. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, describe, expect } from 'vitest';
import type { EtcdConnection } from '../../../src/algorithms/etcd-connection.js';
import { etcdConnection } from '../../../src/real/client/etcd.js';
import type { Frame } from '../../../src/real/proxy/framing.js';
import { grpcTunnel } from '../../../src/real/proxy/grpc-tunnel.js';
import { ClientProxy } from '../../../src/real/proxy/proxy.js';
import type { Tunnel, Upstream, Watcher } from '../../../src/real/proxy/tunnel.js';
import { type EtcdCluster, startEtcd } from '../../../src/real/servers/etcd.js';
import { itNeeds } from '../servers/needing.js';

const itEtcd = itNeeds('etcd');
const SILENT = { enter() {}, sends() {}, event: (code: () => void) => code() };
const TIMED_OUT = 'etcdserver: request timed out';

let cluster: EtcdCluster | undefined;
const open: { close(): void }[] = [];

afterAll(async () => {
  for (const one of open) one.close();
  await cluster?.stop();
});

/** Passes everything on, in pieces of one to seven bytes. */
async function inPieces(to: Upstream): Promise<Upstream> {
  const chop = (from: Socket, into: Socket) => {
    from.setNoDelay(true).on('error', () => {});
    from.on('data', (bytes: Buffer) => {
      for (let at = 0, size = 1; at < bytes.length; at += size, size = (size % 7) + 1) {
        into.write(bytes.subarray(at, at + size));
      }
    });
    from.on('close', () => into.destroy());
  };
  const relay: Server = createServer((socket) => {
    const onward = connect(to.port, to.host);
    chop(socket, onward);
    chop(onward, socket);
  });
  await new Promise<void>((resolve) => {
    relay.listen(0, '127.0.0.1', resolve);
  });
  open.push(relay);
  const address = relay.address();
  return { host: '127.0.0.1', port: typeof address === 'object' ? address!.port : 0 };
}

/** Lets everything pass, and writes it down. */
class Passing implements Watcher {
  readonly said: string[] = [];
  /** Answers in the place of the server. */
  refused: string | undefined;
  tunnel: Tunnel | undefined;

  request(tunnel: Tunnel, frame: Frame): void {
    this.tunnel = tunnel;
    this.said.push(`> ${frame.text}`);
    if (this.refused === undefined) return tunnel.forward(frame);
    const refusal = tunnel.refusal(this.refused, frame);
    if ('reply' in refusal && refusal.reply !== undefined) tunnel.deliver(refusal.reply);
  }

  reply(tunnel: Tunnel, frame: Frame): void {
    this.said.push(`< ${frame.isNews ? 'news: ' : ''}${frame.text}`);
    tunnel.deliver(frame);
  }

  passing(): void {}
  hungUp(): void {}
  dropped(): void {}
}

async function proxied(watcher: Watcher): Promise<EtcdConnection> {
  cluster ??= await startEtcd();
  const upstream = await inPieces(cluster.members[0]!);
  const proxy = new ClientProxy('A', 'e1', upstream, grpcTunnel, watcher);
  await proxy.listen();
  const { host, port } = await inPieces(proxy);
  const etcd = etcdConnection(SILENT, { server: 'e1', host, port });
  open.push({ close: () => etcd.close() }, proxy);
  return etcd;
}

describe('a proxy before etcd', () => {
  itEtcd('hands on calls, streams and news, and shows each of them', async () => {
    const watcher = new Passing();
    const etcd = await proxied(watcher);
    expect(await etcd.grant(5_000, 255)).toMatchObject({ id: 255, ttlMs: 5_000 });
    expect(await etcd.keepAlive(255)).toMatchObject({ id: 255 });
    let tell: (key: string) => void = () => {};
    const told = new Promise<string>((resolve) => {
      tell = resolve;
    });
    await etcd.watch('k', {}, ({ events }) => tell(events.map(({ type }) => type).join()));
    const { revision } = await etcd.put('k', 'A', { lease: 255 });
    expect(await told).toBe('put');
    await expect(etcd.revoke(7)).rejects.toMatchObject({ code: 'NotFound' });
    expect(watcher.said.slice(0, 6)).toEqual([
      '> lease grant 5',
      '< lease ff granted with TTL(5s)',
      '> lease keep-alive ff',
      '< lease ff keepalived with TTL(5)',
      '> watch k',
      '< watch 1 created',
    ]);
    // The answer to the put and the news of it come in either order.
    expect([...watcher.said.slice(6)].sort()).toEqual(
      [
        '> put k "A" --lease=ff',
        `< OK, revision ${revision}`,
        '< news: PUT k',
        '> lease revoke 7',
        '< Error: etcdserver: requested lease not found',
      ].sort(),
    );
  });

  itEtcd('says the error of a story in the place of the server', async () => {
    const watcher = new Passing();
    const etcd = await proxied(watcher);
    watcher.refused = TIMED_OUT;
    const error = { code: 'Unavailable', message: TIMED_OUT };
    await expect(etcd.put('k', 'A')).rejects.toMatchObject(error);
    await expect(etcd.keepAlive(255)).rejects.toMatchObject(error);
    watcher.refused = undefined;
    expect(await etcd.keepAlive(999)).toBeUndefined();
  });

  itEtcd('ends the connection of a client when it is told to', async () => {
    const watcher = new Passing();
    const etcd = await proxied(watcher);
    await etcd.range('k');
    const waiting = etcd.range('k');
    watcher.request = (tunnel) => tunnel.closeClient();
    await expect(waiting).rejects.toMatchObject({ name: 'ConnectionLost' });
  });
});

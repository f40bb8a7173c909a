/** What may be behind a port in place of the server that was meant. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LOOPBACK } from '../../../../src/real/loopback.js';

export interface Stranger {
  readonly port: number;
  close(): void;
}

async function listening(server: Server): Promise<Stranger> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** A web server that finds nothing. */
export const webServer = (): Promise<Stranger> =>
  listening(createHttpServer((_request, response) => response.writeHead(404).end('not found')));

/** It accepts, and says nothing. */
export const silentServer = (): Promise<Stranger> =>
  listening(createServer((socket) => socket.on('error', () => {})));

/** It answers whatever comes first with the same text. */
export const saying = (text: string): Promise<Stranger> =>
  listening(
    createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(text))),
  );

/** A port where nobody is. */
export async function nobody(): Promise<number> {
  const stranger = await silentServer();
  stranger.close();
  return stranger.port;
}

/** A certificate that nobody trusts, and its key, in a folder of their own. */
export function certificate(): { readonly cert: string; readonly key: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-certificate-'));
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const args = ['req', ...kind, '-subj', '/CN=localhost', '-keyout', key, '-out', cert];
  execFileSync('openssl', args, { stdio: 'ignore' });
  return { cert, key, remove: () => rmSync(folder, { recursive: true }) };
}

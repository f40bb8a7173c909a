/** Serves the viewer, and the documents it opens, on this machine alone. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from '../host/engine-api.js';
import { typeOf, viewerFile } from './viewer-files.js';

const HOST = '127.0.0.1';

/** What is served beside the files of the viewer: text by address, such as `/trace.json`. */
export type Documents = ReadonlyMap<string, string>;

export interface Serving {
  /** `http://127.0.0.1:4321/`. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Listens on `port`; 0 is any that is free.
 *
 * @throws {UsageError} if the port cannot be had.
 */
export async function serveViewer(documents: Documents, port: number): Promise<Serving> {
  const server = createServer((request, response) => {
    if (!isOurs(request.headers.host)) {
      response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(`this page is at ${HOST} only, not at ${request.headers.host}\n`);
      return;
    }
    const pathname = pathOf(request.url ?? '/');
    const body = documents.get(pathname) ?? viewerFile(decoded(pathname));
    if (body === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(`there is no ${pathname} here\n`);
      return;
    }
    response.writeHead(200, { 'content-type': typeOf(pathname === '/' ? 'index.html' : pathname) });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  await listening(server, port);
  const { port: given } = server.address() as AddressInfo;
  return {
    address: `http://${HOST}:${given}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A name of somebody else's that leads here would let his pages read what is served. */
function isOurs(host: string | undefined): boolean {
  return host === undefined || /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(host);
}

/** What stands before a query, as it is: `//` is no address, and no reason to stop serving. */
function pathOf(target: string): string {
  return target.split(/[?#]/, 1)[0]!;
}

/** A path whose escapes are none names no file of ours. */
function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be had (${error.code})`;
      reject(new UsageError(`--port: port ${port} ${why}; choose another one, or 0 for any`));
    });
    server.listen(port, HOST, resolve);
  });
}

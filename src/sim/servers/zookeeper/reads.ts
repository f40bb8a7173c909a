/**
 * Requests that a server answers from its own tree, without the leader (upstream
 * FinalRequestProcessor.java of 3.8.0).
 */
import type { DataTree } from './data-tree.js';
import { ERROR } from './errors.js';
import type { ReadOperation, Request, RequestBody, Response, Result } from './messages.js';
import { permits } from './preparation.js';
import type { Znode } from './znode.js';

export type ClientRequest = Exclude<Request, { type: 'connect' }>;

export function response(
  request: ClientRequest,
  zxid: number,
  error: number,
  result?: Result,
): Response {
  return { type: 'response', xid: request.xid, zxid, error, result, reason: undefined };
}

/** Answers a request that is neither a write nor the end of a session. */
export function read(
  request: ClientRequest,
  tree: DataTree,
  connection: number,
  sessionId: number,
): Response {
  const body: RequestBody = request;
  switch (body.type) {
    case 'exists':
    case 'getData':
    case 'getChildren':
    case 'getChildren2': {
      const found = readZnode(body, tree, connection);
      if (typeof found === 'number') return response(request, tree.lastZxid, found);
      return response(request, tree.lastZxid, ERROR.OK, found);
    }
    case 'sync':
      return response(request, tree.lastZxid, ERROR.OK, result(body.path));
    case 'getEphemerals': {
      const paths = tree.ephemeralsOf(sessionId).filter((path) => path.startsWith(body.path));
      return response(request, tree.lastZxid, ERROR.OK, result(undefined, paths));
    }
    case 'setWatches':
      tree.setWatches(body, connection);
      break;
    case 'addWatch':
      tree.addWatch(body.path, connection, body.mode);
      break;
    case 'removeWatches': {
      const { path, watcherType } = body;
      const child = watcherType !== 'data' && tree.childWatches.remove(path, connection);
      const data = watcherType !== 'children' && tree.dataWatches.remove(path, connection);
      return response(request, tree.lastZxid, child || data ? ERROR.OK : ERROR.NOWATCHER);
    }
  }
  return response(request, tree.lastZxid, ERROR.OK);
}

function readZnode(
  { type, path, watch }: ReadOperation,
  tree: DataTree,
  connection: number,
): Result | number {
  if (type === 'exists') {
    if (path.includes('\0')) return ERROR.BADARGUMENTS;
    if (watch) tree.dataWatches.add(path, connection, 'one-shot');
  }
  const znode = tree.znodes.get(path);
  if (znode === undefined) return ERROR.NONODE;
  if (type === 'exists') return result(undefined, undefined, znode);
  if (!permits(znode.acl, 'read')) return ERROR.NOAUTH;
  const watches = type === 'getData' ? tree.dataWatches : tree.childWatches;
  if (watch) watches.add(path, connection, 'one-shot');
  if (type === 'getData') return result(undefined, undefined, znode, znode.data);
  const children = znode.children?.values() ?? [];
  return result(undefined, children, type === 'getChildren2' ? znode : undefined);
}

function result(
  path: string | undefined,
  children?: readonly string[],
  znode?: Znode,
  data?: string | null,
): Result {
  return { path, data, children, stat: znode?.stat(), results: undefined };
}

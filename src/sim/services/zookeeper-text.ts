/** Requests to ZooKeeper and its answers in the words of zkCli.sh, for traces and stories. */
import { ERROR, errorName } from '../servers/zookeeper/errors.js';
import {
  CREATE_MODE,
  type Operation,
  type Request,
  type Response,
  type ServerMessage,
} from '../servers/zookeeper/messages.js';

export function requestText(request: Request): string {
  switch (request.type) {
    case 'connect':
      return request.sessionId === 0
        ? `connect, timeout ${request.timeoutMs} ms`
        : `connect again with session ${request.sessionId}`;
    case 'closeSession':
      return 'close the session';
    case 'exists':
      return `stat ${watched(request.watch)}${request.path}`;
    case 'getData':
      return `get ${watched(request.watch)}${request.path}`;
    case 'getChildren':
    case 'getChildren2':
      return `ls ${watched(request.watch)}${request.path}`;
    case 'sync':
      return `sync ${request.path}`;
    case 'setWatches': {
      const { dataWatches, existWatches, childWatches } = request;
      return `set watches ${[...dataWatches, ...existWatches, ...childWatches].join(' ')}`;
    }
    case 'multi':
      return `multi ${request.operations.map(operationText).join('; ')}`;
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
    case 'delete':
    case 'setData':
      return operationText(request);
    default:
      return request.type;
  }
}

function watched(watch: boolean): string {
  return watch ? '-w ' : '';
}

function operationText(operation: Operation): string {
  const { type, path } = operation;
  switch (type) {
    case 'delete':
      return `delete ${version(operation.version)}${path}`;
    case 'check':
      return `check ${version(operation.version)}${path}`;
    case 'setData':
      return `set ${version(operation.version)}${path} ${JSON.stringify(operation.data ?? '')}`;
    default: {
      const { flags, data } = operation;
      const kind = type === 'createContainer' ? '-c ' : kindOf(flags);
      const shown = data === null || data === '' ? '' : ` ${JSON.stringify(data)}`;
      return `create ${kind}${path}${shown}`;
    }
  }
}

function kindOf(flags: number): string {
  const ephemeral = flags === CREATE_MODE.ephemeral || flags === CREATE_MODE.ephemeralSequential;
  const sequential =
    flags === CREATE_MODE.persistentSequential || flags === CREATE_MODE.ephemeralSequential;
  return (ephemeral ? '-e ' : '') + (sequential ? '-s ' : '');
}

function version(version: number): string {
  return version === -1 ? '' : `-v ${version} `;
}

export function messageText(message: ServerMessage): string {
  switch (message.type) {
    case 'connected': {
      const { sessionId, timeoutMs } = message;
      if (sessionId === 0) return 'the session has expired';
      return `connected, session ${sessionId}, timeout ${timeoutMs} ms`;
    }
    case 'event':
      return `${message.event} ${message.path}`;
    case 'response':
      return responseText(message);
  }
}

function responseText({ error, result, reason }: Response): string {
  if (error !== ERROR.OK) return `KeeperErrorCode = ${reason ?? errorName(error)}`;
  const { path, data, children, stat, results } = result ?? {};
  if (children !== undefined) return `[${children.join(', ')}]`;
  if (data !== undefined) return JSON.stringify(data ?? '');
  if (path !== undefined) return stat === undefined ? path : `${path} (czxid ${stat.czxid})`;
  if (stat !== undefined) return `czxid ${stat.czxid}, owner ${stat.ephemeralOwner}`;
  return results === undefined
    ? 'OK'
    : results.map((one) => (one.error === ERROR.OK ? 'OK' : errorName(one.error))).join('; ');
}

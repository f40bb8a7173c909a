/**
 * Hashes of what goes to and comes from ZooKeeper, for the digest of a run (docs/semantics.md,
 * R14): every field that can differ counts, in a fixed order, and none is looked up by its name.
 */
import { fold, hashString, hashValue } from '../../digest.js';
import type {
  Acl,
  Operation,
  Request,
  Result,
  ServerMessage,
  Stat,
} from '../servers/zookeeper/messages.js';

/** Folds a whole number of up to 2^53 − 1. */
function number(state: number, value: number): number {
  const low = value | 0;
  return value === low ? fold(state, low) : fold(fold(state, low), (value / 0x1_0000_0000) | 0);
}

function text(state: number, value: string | null | undefined): number {
  return fold(state, typeof value === 'string' ? hashString(value) : 3);
}

export function hashRequest(request: Request): number {
  const h = hashString(request.type);
  if (request.type === 'connect') {
    const { sessionId, password, timeoutMs, lastZxidSeen } = request;
    return number(number(text(number(h, sessionId), password), timeoutMs), lastZxidSeen);
  }
  const numbered = number(h, request.xid);
  switch (request.type) {
    case 'ping':
    case 'closeSession':
      return numbered;
    case 'exists':
    case 'getData':
    case 'getChildren':
    case 'getChildren2':
      return fold(text(numbered, request.path), request.watch ? 1 : 0);
    case 'sync':
      return text(numbered, request.path);
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
    case 'delete':
    case 'setData':
      return operation(numbered, request);
    case 'multi': {
      let all = fold(numbered, request.operations.length);
      for (const one of request.operations) all = operation(text(all, one.type), one);
      return all;
    }
    default:
      return fold(numbered, hashValue(request));
  }
}

function operation(state: number, request: Operation): number {
  const h = text(state, request.path);
  switch (request.type) {
    case 'delete':
    case 'check':
      return number(h, request.version);
    case 'setData':
      return number(text(h, request.data), request.version);
    default:
      return acls(number(text(h, request.data), request.flags), request.acl);
  }
}

function acls(state: number, acl: readonly Acl[]): number {
  let h = fold(state, acl.length);
  for (const { perms, scheme, id } of acl) h = text(text(fold(h, perms), scheme), id);
  return h;
}

export function hashMessage(message: ServerMessage): number {
  const h = hashString(message.type);
  switch (message.type) {
    case 'connected':
      return number(text(number(h, message.sessionId), message.password), message.timeoutMs);
    case 'event':
      return text(text(h, message.event), message.path);
    case 'response': {
      const { xid, zxid, error, result: brought, reason } = message;
      const head = text(number(number(number(h, xid), zxid), error), reason);
      return brought === undefined ? head : result(head, brought);
    }
  }
}

function result(state: number, { path, data, children, stat, results }: Result): number {
  let h = text(text(state, path), data);
  if (children !== undefined) {
    h = fold(h, children.length);
    for (const name of children) h = text(h, name);
  }
  if (stat !== undefined) h = statistics(h, stat);
  for (const one of results ?? []) {
    h = text(number(h, one.error), one.path);
    if (one.stat !== undefined) h = statistics(h, one.stat);
  }
  return h;
}

function statistics(state: number, stat: Stat): number {
  let h = number(number(number(state, stat.czxid), stat.mzxid), stat.pzxid);
  h = number(number(h, stat.ctimeMs), stat.mtimeMs);
  h = fold(fold(fold(h, stat.version), stat.cversion), stat.aversion);
  return fold(fold(number(h, stat.ephemeralOwner), stat.dataLength), stat.numChildren);
}

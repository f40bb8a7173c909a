/**
 * What a real ZooKeeper 3.8.0 carries out and this one does not. It answers UNIMPLEMENTED and says
 * what it was, so that a lock that uses it fails loudly and is not judged on a guess.
 */
import type { Acl, Request } from './messages.js';

const UNMODELLED: ReadonlySet<string> = new Set([
  'auth',
  'checkWatches',
  'getACL',
  'getAllChildrenNumber',
  'multiRead',
  'reconfig',
  'sasl',
  'setACL',
  'whoAmI',
]);

/** Schemes that every real server knows. */
const UNMODELLED_SCHEMES: ReadonlySet<string> = new Set(['digest', 'ip']);

/** Why a request is not carried out, in a sentence; undefined: it is. */
export function refusalOf(request: Request): string | undefined {
  if (UNMODELLED.has(request.type)) return `${request.type} is not modelled`;
  if (request.type === 'multi') {
    for (const operation of request.operations) {
      const reason = refusalOfAcl('acl' in operation ? operation.acl : []);
      if (reason !== undefined) return reason;
    }
  }
  return refusalOfAcl('acl' in request ? request.acl : []);
}

function refusalOfAcl(acl: readonly Acl[]): string | undefined {
  const unknown = acl.find(({ scheme }) => UNMODELLED_SCHEMES.has(scheme));
  return unknown && `an ACL of scheme ${unknown.scheme} is not modelled`;
}

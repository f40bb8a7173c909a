/**
 * How the leader judges a request that changes something, in the order of upstream's checks: the
 * first that fails gives the error (PrepRequestProcessor.java of 3.8.0).
 */
import type { DataTree } from './data-tree.js';
import { ERROR } from './errors.js';
import {
  type Acl,
  CREATE_MODE,
  type CreateOperation,
  type DeleteOperation,
  type Operation,
} from './messages.js';
import { hasParent, isSpecialPath, isValidPath, parentOf, sequential } from './path.js';
import { type Change, errorChange } from './transaction.js';

/** What the checks need to know of a znode. */
interface Known {
  readonly acl: readonly Acl[];
  readonly version: number;
  readonly creates: number;
  readonly childCount: number;
  readonly ephemeralOwner: number;
  readonly container: boolean;
}

/** The tree, or the tree as earlier operations of the same transaction will have left it. */
interface View {
  get(path: string): Known | undefined;
}

const PERMISSION = { write: 2, read: 1, create: 4, delete: 8 } as const;

/** Whether anybody may: nobody is authenticated. */
export function permits(acl: readonly Acl[], permission: keyof typeof PERMISSION): boolean {
  return acl.some(
    ({ perms, scheme, id }) =>
      scheme === 'world' && id === 'anyone' && (perms & PERMISSION[permission]) !== 0,
  );
}

/** One operation as a change, or as the error that it meets. */
export function prepare(operation: Operation, view: View, sessionId: number): Change {
  switch (operation.type) {
    case 'delete':
      return prepareDelete(operation, view);
    case 'setData':
    case 'check':
      return prepareVersioned(operation, view);
    default:
      return prepareCreate(operation, view, sessionId);
  }
}

/**
 * The operations of a transaction: all of them, or, of one that fails, an error for each: 0 before
 * the one that failed, its own, and RUNTIMEINCONSISTENCY after it.
 */
export function prepareMulti(
  operations: readonly Operation[],
  tree: DataTree,
  sessionId: number,
): Change[] {
  const view = new Draft(tree);
  const changes: Change[] = [];
  for (const operation of operations) {
    const change = prepare(operation, view, sessionId);
    if (change.type === 'error') {
      const failedAt = changes.length;
      return operations.map((_operation, index) => {
        if (index === failedAt) return change;
        return errorChange(index < failedAt ? ERROR.OK : ERROR.RUNTIMEINCONSISTENCY);
      });
    }
    view.add(change);
    changes.push(change);
  }
  return changes;
}

const FLAGS_MAX = CREATE_MODE.persistentSequentialWithTtl;

function prepareCreate(operation: CreateOperation, view: View, sessionId: number): Change {
  const { flags, data, acl } = operation;
  if (!Number.isInteger(flags) || flags < 0 || flags > FLAGS_MAX) {
    return errorChange(ERROR.BADARGUMENTS);
  }
  // Without zookeeper.extendedTypesEnabled, which is off unless asked for.
  if (flags >= CREATE_MODE.persistentWithTtl) return errorChange(ERROR.UNIMPLEMENTED);
  // A time to live belongs to kinds that are not enabled (EphemeralType.validateTTL).
  if (operation.type === 'createTTL') return errorChange(ERROR.BADARGUMENTS);
  if (!hasParent(operation.path)) return errorChange(ERROR.BADARGUMENTS);
  if (!isAcceptable(acl)) return errorChange(ERROR.INVALIDACL);
  const parent = view.get(parentOf(operation.path));
  if (parent === undefined) return errorChange(ERROR.NONODE);
  if (!permits(parent.acl, 'create')) return errorChange(ERROR.NOAUTH);
  const isSequential = (flags & 2) !== 0;
  const path = isSequential ? sequential(operation.path, parent.creates) : operation.path;
  if (!isValidPath(path)) return errorChange(ERROR.BADARGUMENTS);
  if (view.get(path) !== undefined) return errorChange(ERROR.NODEEXISTS);
  if (parent.ephemeralOwner !== 0) return errorChange(ERROR.NOCHILDRENFOREPHEMERALS);
  const container = operation.type === 'createContainer';
  return {
    type: operation.type === 'create' ? 'create' : 'create2',
    path,
    data,
    acl,
    ephemeralOwner: (flags & 1) !== 0 && !container ? sessionId : 0,
    container,
    version: parent.creates + 1,
    error: ERROR.OK,
  };
}

/** World and ip need nobody to be authenticated (upstream fixupACL). */
function isAcceptable(acl: readonly Acl[]): boolean {
  return acl.length > 0 && acl.every(({ scheme, id }) => scheme === 'world' && id === 'anyone');
}

function prepareDelete({ path, version }: DeleteOperation, view: View): Change {
  if (!hasParent(path) || isSpecialPath(path)) return errorChange(ERROR.BADARGUMENTS);
  const parent = view.get(parentOf(path));
  if (parent === undefined) return errorChange(ERROR.NONODE);
  if (!permits(parent.acl, 'delete')) return errorChange(ERROR.NOAUTH);
  const znode = view.get(path);
  if (znode === undefined) return errorChange(ERROR.NONODE);
  if (version !== -1 && version !== znode.version) return errorChange(ERROR.BADVERSION);
  if (znode.childCount > 0) return errorChange(ERROR.NOTEMPTY);
  return changeOf('delete', path, null, 0);
}

function prepareVersioned(
  operation: Extract<Operation, { type: 'setData' | 'check' }>,
  view: View,
): Change {
  const { type, path, version } = operation;
  if (!isValidPath(path)) return errorChange(ERROR.BADARGUMENTS);
  const znode = view.get(path);
  if (znode === undefined) return errorChange(ERROR.NONODE);
  if (!permits(znode.acl, type === 'check' ? 'read' : 'write')) return errorChange(ERROR.NOAUTH);
  if (version !== -1 && version !== znode.version) return errorChange(ERROR.BADVERSION);
  return changeOf(type, path, type === 'check' ? null : operation.data, znode.version + 1);
}

/** A container that had children and has none any more; undefined if it is not such a one. */
export function prepareReaping(path: string, tree: DataTree): Change | undefined {
  const znode = tree.znodes.get(path);
  if (znode === undefined || znode.childCount > 0 || znode.creates === 0) return undefined;
  return changeOf('delete', path, null, 0);
}

function changeOf(
  type: 'delete' | 'setData' | 'check',
  path: string,
  data: string | null,
  version: number,
): Change {
  return {
    type,
    path,
    data,
    acl: undefined,
    ephemeralOwner: 0,
    container: false,
    version,
    error: ERROR.OK,
  };
}

/** The tree with the changes of a transaction that is being prepared (upstream ChangeRecord). */
class Draft implements View {
  private readonly changed = new Map<string, Known | undefined>();

  constructor(private readonly tree: DataTree) {}

  get(path: string): Known | undefined {
    const key = path === '' ? '/' : path;
    return this.changed.has(key) ? this.changed.get(key) : this.tree.znodes.get(key);
  }

  add(change: Change): void {
    const { type, path } = change;
    if (type === 'check') return;
    if (type === 'setData') {
      this.change(path, 0, 0, change.version);
    } else if (type === 'delete') {
      this.changed.set(path, undefined);
      this.change(parentOf(path), 0, -1);
    } else {
      const { acl, ephemeralOwner, container } = change;
      this.changed.set(path, {
        acl: acl!,
        version: 0,
        creates: 0,
        childCount: 0,
        ephemeralOwner,
        container,
      });
      this.change(parentOf(path), 1, 1);
    }
  }

  private change(path: string, creates: number, children: number, version?: number): void {
    const known = this.get(path)!;
    this.changed.set(path === '' ? '/' : path, {
      acl: known.acl,
      version: version ?? known.version,
      creates: known.creates + creates,
      childCount: known.childCount + children,
      ephemeralOwner: known.ephemeralOwner,
      container: known.container,
    });
  }
}

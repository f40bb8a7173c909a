/** One znode of one server's tree, and its stat as clients see it (upstream DataNode.java). */
import { JavaHashSet } from './java-hash-set.js';
import type { Acl, Stat } from './messages.js';
import type { ZnodeState } from './port.js';

export class Znode {
  mzxid: number;
  pzxid: number;
  mtimeMs: number;
  version = 0;
  /** Creates of children: the next sequence number. */
  creates = 0;
  children: JavaHashSet | undefined = undefined;

  constructor(
    public data: string | null,
    readonly acl: readonly Acl[],
    readonly ephemeralOwner: number,
    readonly container: boolean,
    readonly czxid: number,
    readonly ctimeMs: number,
  ) {
    this.mzxid = czxid;
    this.pzxid = czxid;
    this.mtimeMs = ctimeMs;
  }

  get childCount(): number {
    return this.children?.size ?? 0;
  }

  addChild(name: string): void {
    this.children ??= new JavaHashSet(8);
    this.children.add(name);
  }

  state(): ZnodeState {
    const { data, ephemeralOwner, czxid, version } = this;
    return { data, ephemeralOwner, czxid, version };
  }

  stat(): Stat {
    const { childCount } = this;
    return {
      czxid: this.czxid,
      mzxid: this.mzxid,
      pzxid: this.pzxid,
      ctimeMs: this.ctimeMs,
      mtimeMs: this.mtimeMs,
      version: this.version,
      // For every create there is a delete, but for the children that are still there.
      cversion: this.creates * 2 - childCount,
      aversion: 0,
      ephemeralOwner: this.ephemeralOwner,
      dataLength: this.data === null ? 0 : byteLength(this.data),
      numChildren: childCount,
    };
  }
}

/** Length in UTF-8. */
function byteLength(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

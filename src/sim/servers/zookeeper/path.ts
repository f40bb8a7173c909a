/**
 * Paths of znodes: what the server accepts, and how it cuts them (upstream PathUtils.java,
 * PrepRequestProcessor.java, DataTree.java of 3.8.0).
 */

/** Znodes that nobody may delete. */
const SPECIAL = new Set(['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config']);

export function isSpecialPath(path: string): boolean {
  return SPECIAL.has(path);
}

/** `/a` of `/a/b`, nothing of `/a`: by that name, too, the server finds its root. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether a parent can be cut from the path at all. */
export function hasParent(path: string): boolean {
  return path.lastIndexOf('/') >= 0 && !path.includes('\0');
}

/** Control characters, surrogates and private use, specials. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const INVALID_CHARACTER = /[\u0000-\u001f\u007f-\u009f\ud800-\uf8ff\ufff0-\uffff]/;

export function isValidPath(path: string): boolean {
  if (!path.startsWith('/')) return false;
  if (path.length === 1) return true;
  if (INVALID_CHARACTER.test(path)) return false;
  return !path
    .slice(1)
    .split('/')
    .some((name) => name === '' || name === '.' || name === '..');
}

/** `lock-0000000007`: the parent's count of creates, in at least ten digits. */
export function sequential(path: string, count: number): string {
  return path + String(count).padStart(10, '0');
}

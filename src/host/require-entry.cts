/**
 * What `require('holdfast')` in a lock file gives: the modules that are running, not a second copy,
 * so that an error's class is the one that lock code compares with. `load.ts` puts them there.
 */
export = (globalThis as Record<symbol, unknown>)[Symbol.for('holdfast.running')];

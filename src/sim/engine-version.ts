/**
 * Major version of the engine: part of every digest and of every replay code. It changes when the
 * same scenario and decisions no longer give the same run (docs/semantics.md, R6, R14).
 */
export const ENGINE_VERSION = 1;

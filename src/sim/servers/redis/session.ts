/**
 * What the server knows of a connection. A session ends with its connection, and with it the
 * transaction, WATCHes, subscriptions and blocked call it had.
 */
import type { Command } from './command.js';

export interface QueuedCommand {
  readonly command: Command;
  readonly args: readonly string[];
}

const NONE: readonly string[] = [];

/** A list with one more name, unless it has it. */
export function withName(names: readonly string[], name: string): readonly string[] {
  return names.includes(name) ? names : [...names, name];
}

export class Session {
  /** Set by CLIENT SETNAME. */
  name = '';
  /** The commands queued since MULTI; undefined outside a transaction. */
  queue: QueuedCommand[] | undefined;
  /** A command could not be queued: EXEC will answer EXECABORT. */
  spoiled = false;
  /** A watched key changed: EXEC will answer nil. */
  outdated = false;
  /** Keys, channels and patterns, each once: lists, since most sessions have none. */
  watched: readonly string[] = NONE;
  channels: readonly string[] = NONE;
  patterns: readonly string[] = NONE;
  /** Whether a blocking command waits; what arrives meanwhile waits in `pending`. */
  blocked = false;
  readonly pending: (readonly string[])[] = [];
  /** When replicas were last written to before this session's last command ended (for WAIT). */
  sawWrittenAtUs = Number.NEGATIVE_INFINITY;

  constructor(
    /** Number of the connection, chosen by the world. */
    readonly connection: number,
    /** What CLIENT ID answers. */
    readonly id: number,
  ) {}

  /** Number of channels and patterns subscribed to; above 0 few commands are allowed. */
  get subscriptions(): number {
    return this.channels.length + this.patterns.length;
  }
}
